//! Attached files, and copies that leave things out: what is left out is nowhere in the bytes, and what is kept opens.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use store::{CopyOptions, DocFile, check_upload};

fn document(name: &str, folder: &Path) -> DocFile {
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/documents").join(name);
    let copy = folder.join(name);
    std::fs::copy(original, &copy).unwrap();
    DocFile::open(&copy).unwrap().0
}

fn contains(path: &Path, text: &str) -> bool {
    let bytes = std::fs::read(path).unwrap();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn is_alone(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
    entries.filter(|entry| entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with(&name)).count()
        == 1
}

#[test]
fn copies_leave_out_what_they_should() {
    let folder = tempfile::tempdir().unwrap();
    let file = document("Favorite_Films.grist", folder.path());
    let films = file.table("Films").unwrap();
    assert!(films.rows.len() > 3 && file.states().unwrap().len() > 10);
    let target = |name: &str| -> PathBuf { folder.path().join(name) };

    let whole = target("whole.grist");
    file.copy_to(&whole).unwrap();
    let nohistory = target("nohistory.grist");
    file.copy_partly(&nohistory, CopyOptions { without_history: true, ..CopyOptions::default() }).unwrap();
    let template = target("template.grist");
    file.copy_partly(&template, CopyOptions { without_data: true, ..CopyOptions::default() }).unwrap();

    let title = "Forrest Gump";
    assert!(contains(&whole, title) && contains(&nohistory, title) && !contains(&template, title));
    let newest = file.states().unwrap()[0].clone();
    for (path, rows, states) in [
        (&whole, films.rows.len(), file.states().unwrap()),
        (&nohistory, films.rows.len(), vec![newest]),
        (&template, 0, vec![]),
    ] {
        assert!(is_alone(path), "{}", path.display());
        check_upload(path).unwrap();
        let (copy, report) = DocFile::open(path).unwrap();
        assert_eq!(report.backup, None);
        assert_eq!(copy.row_count("Films").unwrap(), rows);
        assert_eq!(copy.states().unwrap(), states);
        assert_eq!(copy.table("_grist_Views").unwrap(), file.table("_grist_Views").unwrap());
    }
    assert!(file.copy_to(&folder.path().join("nowhere/x.grist")).is_err());
}

#[test]
fn history_is_forgotten_from_its_old_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = document("Favorite_Films.grist", folder.path());
    let states = file.states().unwrap();
    file.remove_history(3).unwrap();
    assert_eq!(file.states().unwrap(), states[..3]);
    file.remove_history(0).unwrap();
    assert_eq!(file.states().unwrap(), states[..1]);
}

#[test]
fn attached_files_are_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = document("FilmsWithImages.grist", folder.path());
    let there = file.attachments().unwrap();
    assert_eq!(there.len(), 6);
    for known in &there {
        let contents = file.attachment(&known.ident).unwrap().unwrap();
        assert_eq!(contents.len() as u64, known.bytes);
        let extension = Path::new(&known.ident)
            .extension()
            .map_or(String::new(), |end| format!(".{}", end.to_str().unwrap()));
        assert_eq!(file.attach(&contents, &extension).unwrap(), known.ident, "the name is Grist's");
    }
    assert_eq!(file.attachments().unwrap(), there);
    let used = file.attachment_bytes().unwrap();
    assert_eq!(used, there.iter().map(|known| known.bytes).sum::<u64>());

    let ident = file.attach(b"hello", ".TXT").unwrap();
    assert_eq!(ident, "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d.txt");
    assert_eq!(file.attachment(&ident).unwrap().as_deref(), Some(&b"hello"[..]));
    assert_eq!(file.attachment_bytes().unwrap(), used, "nobody uses it");
    assert_eq!(file.remove_unused_attachments().unwrap(), 1);
    assert_eq!(file.attachment(&ident).unwrap(), None);
    assert_eq!(file.attachments().unwrap(), there);
    let data = file.data_bytes().unwrap();
    assert!(data > 1000 && data < std::fs::metadata(file.path()).unwrap().len());
}
