//! The history of real documents: every entry is read, and our way to compute hashes gives Grist's.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use model::marshal::{self, Flavour, Writer};
use rusqlite::{Connection, OpenFlags};
use store::DocFile;

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/documents");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|kind| kind == "grist")).collect();
    paths.sort();
    paths
}

fn bodies(path: &Path) -> Vec<(String, Vec<u8>)> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let Ok(mut statement) =
        connection.prepare("SELECT actionHash, body FROM _gristsys_ActionHistory ORDER BY id")
    else {
        return Vec::new();
    };
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn entries_of_grist_are_read_and_hashed_as_grist_does() {
    let mut seen = 0;
    let mut complaints = Vec::new();
    for path in documents() {
        let bodies = bodies(&path);
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.grist");
        std::fs::copy(&path, &copy).unwrap();
        let (file, _) = DocFile::open(&copy).unwrap();
        let entries = if bodies.is_empty() { Vec::new() } else { file.recent_history(u32::MAX).unwrap() };
        if entries.len() != bodies.len() {
            complaints.push(format!(
                "{}: {} entries of {} are read",
                path.display(),
                entries.len(),
                bodies.len()
            ));
        }
        for (hash, body) in bodies {
            let value = marshal::decode(&body).unwrap();
            assert_eq!(marshal::encode(&value), body, "{} {}", path.display(), value["actionNum"]);
            let mut writer = Writer::new(Flavour::Grist);
            for part in ["actionNum", "parentActionHash", "info", "stored"] {
                writer.json(&value[part]);
            }
            assert_eq!(sha256(&writer.into_bytes()), hash);
            seen += 1;
        }
    }
    assert!(seen > 3000);
    assert_eq!(complaints, Vec::<String>::new());
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}
