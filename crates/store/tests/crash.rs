//! A process that writes turns is killed at any moment; every turn that it had reported is there afterwards, and none by half.
//!
//! `cargo test -p store --test crash` kills it a few times; with `-- --long` some hundred times.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and this one is a program")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use model::{CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId};
use store::{DocFile, Record, check_upload};

/// Rows that one turn adds.
const ROWS: u32 = 40;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    match arguments.first().map(String::as_str) {
        Some("--write") => write_until_killed(Path::new(&arguments[1])),
        // What test runners ask of a program that holds tests.
        _ if has("--list") && has("--ignored") => {}
        _ if has("--list") => println!("reported_turns_survive_a_kill: test"),
        _ => reported_turns_survive_a_kill(if has("--long") { 400 } else { 8 }),
    }
}

fn reported_turns_survive_a_kill(kills: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crash.grist");
    drop(DocFile::create(&path).unwrap());
    let mut reported = 0;
    for kill in 0..kills {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .arg("--write")
            .arg(&path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap());
        // Spread over what a turn takes, without chance.
        let delay = Duration::from_micros(20_000 + kill * 7_919 % 90_000);
        let reader = std::thread::spawn(move || {
            let numbers = lines.lines().map_while(Result::ok).filter_map(|line| line.parse::<i64>().ok());
            numbers.last()
        });
        std::thread::sleep(delay);
        writer.kill().unwrap();
        writer.wait().unwrap();
        reported = reader.join().unwrap().unwrap_or(reported);
        check(&path, reported);
    }
    assert!(reported > 0, "nothing was written before the kills");
    println!("{kills} kills, {reported} turns reported, none missing");
}

fn check(path: &Path, reported: i64) {
    let (file, report) = DocFile::open(path).unwrap();
    assert_eq!(report.backup, None, "there is nothing to migrate in a new document");
    let newest = file.states().unwrap().first().map_or(0, |state| state.0);
    assert!(newest >= reported, "turn {reported} was reported, the file ends with {newest}");
    file.close().unwrap();
    check_upload(path).unwrap();
    let (file, _) = DocFile::open(path).unwrap();
    if newest > 0 {
        let data = file.table("T").unwrap();
        let turns = u32::try_from(newest).unwrap();
        assert_eq!(data.rows.len(), (turns * ROWS) as usize, "a turn is there by half");
        let numbers = data.columns["Turn"].iter().map(|cell| cell.as_int().unwrap());
        assert!(numbers.eq((1..=newest).flat_map(|turn| std::iter::repeat_n(turn, ROWS as usize))));
        assert_eq!(data.columns.len(), 2 + usize::from(turns % 5 == 4), "a schema change is there by half");
    }
    let history = file.recent_history(1).unwrap();
    assert_eq!(history.first().map_or(0, |entry| entry.action_num), newest);
}

/// Writes turn after turn, and reports each once it is committed.
fn write_until_killed(path: &Path) {
    let (mut file, _) = DocFile::open(path).unwrap();
    let mut turn = file.states().unwrap().first().map_or(0, |state| state.0);
    loop {
        turn += 1;
        let stored = turn_actions(u32::try_from(turn).unwrap());
        let record = Record { stored: &stored, undo: &[], ..Record::default() };
        let committed = file.commit(&record).unwrap();
        println!("{}", committed.action_num);
        std::io::stdout().flush().unwrap();
    }
}

/// Rows, and from time to time a column that comes or goes.
fn turn_actions(turn: u32) -> Vec<DocAction> {
    let column = |id: &str, kind: &str| {
        ColumnInfo::from_iter([("id".into(), CellValue::text(id)), ("type".into(), CellValue::text(kind))])
    };
    let mut actions = Vec::new();
    if turn == 1 {
        let version = [("schemaVersion".into(), CellValue::Int(46))].into_iter().collect();
        actions.push(DocAction::AddRecord("_grist_DocInfo".into(), RowId(1), version));
        actions.push(DocAction::AddTable("T".into(), vec![column("Turn", "Int"), column("Text", "Text")]));
    }
    match turn % 5 {
        4 => actions.push(DocAction::AddColumn("T".into(), "Extra".into(), column("Extra", "Numeric"))),
        0 => actions.push(DocAction::RemoveColumn("T".into(), "Extra".into())),
        _ => {}
    }
    let rows = (1..=ROWS).map(|at| RowId((turn - 1) * ROWS + at)).collect();
    let columns = ColumnValues::from_iter([
        (ColId::new("Turn"), Cells::repeated(CellValue::Int(turn.into()), ROWS as usize)),
        (ColId::new("Text"), Cells::repeated(CellValue::text(&"text ".repeat(20)), ROWS as usize)),
    ]);
    actions.push(DocAction::BulkAddRecord("T".into(), rows, columns));
    actions
}
