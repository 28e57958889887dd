//! Files that people import, as tables.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use convert::{Origin, read};
use formula::parse::Locale;
use serde_json::Map;

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/files/uploads")
}

#[test]
fn files_become_the_tables_that_people_expect() {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(shared()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let origin = Origin { locale: Locale::named("en-US", None), zone: "UTC".into() };
    let mut found = String::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if !convert::is_known(&name) {
            continue;
        }
        match read(&file, &name, &Map::new(), &origin) {
            Err(error) => writeln!(found, "{name}: {error}").unwrap(),
            Ok(imported) => {
                for sheet in imported.sheets {
                    let columns: Vec<String> = sheet
                        .columns
                        .iter()
                        .map(|column| format!("{}:{}", column.name, column.column_type))
                        .collect();
                    writeln!(found, "{name}: {} ({} rows) {}", sheet.name, sheet.rows(), columns.join(" "))
                        .unwrap();
                }
            }
        }
    }
    let wanted = include_str!("files.txt");
    assert_eq!(found, wanted, "\n{found}");
}
