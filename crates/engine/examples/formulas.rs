//! Formulas over many rows, all or the one named, the best of 3 (or so many) rounds: prints `name<TAB>rows<TAB>nanoseconds of CPU time per row`, for `benches/formulas.py`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

use engine::{Engine, Moment, Turn};
use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues};

/// The allocator of the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: u32 = 100_000;

/// CPU time of this thread in nanoseconds.
fn cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap() * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap()
}

fn info(id: &str, kind: &str, formula: &str) -> ColumnInfo {
    ColumnInfo::from_iter([
        (ColId::new("id"), CellValue::text(id)),
        (ColId::new("type"), CellValue::text(kind)),
        (ColId::new("isFormula"), CellValue::Bool(!formula.is_empty())),
        (ColId::new("formula"), CellValue::text(formula)),
    ])
}

fn turn(engine: &mut Engine, work: impl FnOnce(&mut Turn<'_>)) -> u64 {
    let before = cpu();
    let mut turn = engine.begin(Moment::default());
    work(&mut turn);
    turn.recalculate();
    drop(turn.commit());
    cpu() - before
}

/// A column: its id, its type, and its cells by row.
type Filled<'c> = (&'c str, &'c str, &'c dyn Fn(u32) -> CellValue);

fn fill(engine: &mut Engine, table: &str, rows: u32, columns: &[Filled<'_>]) {
    turn(engine, |turn| {
        let infos = columns.iter().map(|(id, kind, _)| info(id, kind, "")).collect();
        turn.apply(DocAction::AddTable(table.into(), infos), true).unwrap();
        let ids = (1..=rows).map(RowId).collect();
        let values: ColumnValues =
            columns.iter().map(|(id, _, value)| (ColId::new(id), (1..=rows).map(value).collect())).collect();
        turn.apply(DocAction::BulkAddRecord(table.into(), ids, values), true).unwrap();
    });
}

fn add_column(engine: &mut Engine, kind: &str, formula: &str) -> f64 {
    let spent = turn(engine, |turn| {
        turn.apply(DocAction::AddColumn("T".into(), "X".into(), info("X", kind, formula)), true).unwrap();
    });
    turn(engine, |turn| turn.apply(DocAction::RemoveColumn("T".into(), "X".into()), true).unwrap());
    spent as f64 / f64::from(ROWS)
}

fn main() {
    let mut engine = Engine::new();
    fill(
        &mut engine,
        "R",
        1000,
        &[
            ("Name", "Text", &|i| CellValue::text(&format!("n{}", i - 1))),
            ("Val", "Numeric", &|i| CellValue::Float(f64::from(i))),
        ],
    );
    fill(
        &mut engine,
        "T",
        ROWS,
        &[
            ("A", "Numeric", &|i| CellValue::Float(f64::from(i))),
            ("B", "Numeric", &|i| CellValue::Float(f64::from(i % 7))),
            ("First", "Text", &|i| CellValue::text(&format!("Ada{i}"))),
            ("Last", "Text", &|_| CellValue::text("Lovelace")),
            ("Code", "Text", &|i| CellValue::text(&format!("AB-{i}"))),
            ("K", "Int", &|i| CellValue::Int(i64::from(i % 1000))),
            ("Ref", "Ref:R", &|i| CellValue::Int(i64::from(i % 1000 + 1))),
            ("D", "Date", &|i| CellValue::Float(f64::from(i) * 86_400.0)),
        ],
    );
    let formulas = [
        ("arithmetic", "Numeric", "$A * 2 + $B"),
        ("text", "Text", "'%s %s' % ($First, $Last)"),
        ("condition", "Numeric", "SUM([$A, $B]) if $A > 500 else $B"),
        ("regex", "Int", "import re\nint(re.match(r'([A-Z]+)-(\\d+)', $Code).group(2))"),
        ("choice", "Text", "IF($A > 500, 'hi', 'lo')"),
        ("date and days", "Date", "$D + datetime.timedelta(days=30)"),
        ("date and months", "Date", "DATEADD($D, months=1)"),
        ("reference", "Numeric", "$Ref.Val + $B"),
        ("lookup", "Numeric", "R.lookupOne(Name='n%d' % $K).Val"),
    ];
    let wanted = std::env::args().nth(1);
    let rounds: u32 = std::env::args().nth(2).map_or(3, |rounds| rounds.parse().unwrap());
    for (name, kind, formula) in formulas {
        if wanted.as_ref().is_some_and(|wanted| wanted != name) {
            continue;
        }
        let best = (0..rounds).map(|_| add_column(&mut engine, kind, formula)).fold(f64::INFINITY, f64::min);
        println!("{name}\t{ROWS}\t{best:.1}");
    }
    for (name, measure) in [
        ("edits", edits as fn()),
        ("middle", middle),
        ("groups", groups),
        ("small turns", small_turns),
        ("additions", additions),
        ("million", million),
    ] {
        if wanted.as_ref().is_none_or(|wanted| wanted == name) {
            measure();
        }
    }
}

/// The simplest formula over a million rows: nanoseconds per row.
fn million() {
    const MANY: u32 = 1_000_000;
    let mut engine = Engine::new();
    fill(
        &mut engine,
        "T",
        MANY,
        &[
            ("A", "Numeric", &|i| CellValue::Float(f64::from(i))),
            ("B", "Numeric", &|i| CellValue::Float(f64::from(i % 7))),
        ],
    );
    let best =
        (0..5).map(|_| add_column(&mut engine, "Numeric", "$A * 2 + $B")).fold(f64::INFINITY, f64::min);
    println!("arithmetic, a million\t{MANY}\t{:.1}", best * f64::from(ROWS) / f64::from(MANY));
}

/// A running total over 50,000 rows edited in its middle: nanoseconds per cell that changes.
fn middle() {
    const MANY: u32 = 50_000;
    let mut engine = Engine::new();
    fill(&mut engine, "T", MANY, &[("A", "Numeric", &|i| CellValue::Float(f64::from(i)))]);
    turn(&mut engine, |turn| {
        let formula = "(PREVIOUS(rec, order_by='A').cum or 0) + $A";
        turn.apply(DocAction::AddColumn("T".into(), "cum".into(), info("cum", "Numeric", formula)), true)
            .unwrap();
    });
    let row = MANY / 2;
    let edit = |engine: &mut Engine, round: u32| {
        let value = CellValue::Float(f64::from(row) + f64::from(round) / 100.0);
        let values = RowValues::from_iter([(ColId::new("A"), value)]);
        turn(engine, |turn| {
            turn.apply(DocAction::UpdateRecord("T".into(), RowId(row), values), true).unwrap();
        })
    };
    edit(&mut engine, 1);
    let best = (2..7).map(|round| edit(&mut engine, round)).min().unwrap();
    println!("running total, its middle\t{MANY}\t{:.1}", best as f64 / f64::from(MANY / 2));
}

/// 1,000 sums of the 100 rows that refer to each: nanoseconds in all.
fn groups() {
    let mut engine = Engine::new();
    fill(&mut engine, "R", 1000, &[("Name", "Text", &|i| CellValue::text(&format!("n{i}")))]);
    let columns: [Filled<'_>; 2] = [
        ("Ref", "Ref:R", &|i| CellValue::Int(i64::from(i % 1000 + 1))),
        ("A", "Numeric", &|i| CellValue::Float(f64::from(i))),
    ];
    fill(&mut engine, "T", ROWS, &columns);
    let mut add = || {
        let column = info("Sum", "Numeric", "SUM(T.lookupRecords(Ref=$id).A)");
        let spent = turn(&mut engine, |turn| {
            turn.apply(DocAction::AddColumn("R".into(), "Sum".into(), column), true).unwrap();
        });
        turn(&mut engine, |turn| {
            turn.apply(DocAction::RemoveColumn("R".into(), "Sum".into()), true).unwrap();
        });
        spent
    };
    let best = (0..3).map(|_| add()).min().unwrap();
    println!("1,000 sums of 100\t1\t{best}");
}

/// One edit and one row more in 100,000 rows with formulas: nanoseconds.
fn small_turns() {
    let mut engine = Engine::new();
    let columns: [Filled<'_>; 3] = [
        ("A", "Numeric", &|i| CellValue::Float(f64::from(i))),
        ("B", "Numeric", &|i| CellValue::Float(f64::from(i % 10_000))),
        ("Note", "Text", &|_| CellValue::text("")),
    ];
    fill(&mut engine, "T", ROWS, &columns);
    for (id, formula) in
        [("X", "$A * 2 + $B"), ("Y", "$X + 1"), ("Z", "len(T.lookupRecords(B=$B, order_by='A'))")]
    {
        turn(&mut engine, |turn| {
            turn.apply(DocAction::AddColumn("T".into(), id.into(), info(id, "Numeric", formula)), true)
                .unwrap();
        });
    }
    let mut next = ROWS;
    let mut measure = |what: &str, one: &mut dyn FnMut(&mut Turn<'_>)| {
        let best = (0..20).map(|_| turn(&mut engine, &mut *one)).min().unwrap();
        println!("{what}\t1\t{best}");
    };
    measure("one edit", &mut |turn| {
        next += 1;
        let values = RowValues::from_iter([(ColId::new("Note"), CellValue::text(&format!("note {next}")))]);
        turn.apply(DocAction::UpdateRecord("T".into(), RowId(7), values), true).unwrap();
    });
    let mut next = ROWS;
    measure("one record more", &mut |turn| {
        next += 1;
        let values = RowValues::from_iter([(ColId::new("A"), CellValue::Float(1.0))]);
        turn.apply(DocAction::AddRecord("T".into(), RowId(next), values), true).unwrap();
    });
}

/// Rows added to a large table that looks itself up: nanoseconds per added row.
fn additions() {
    let mut engine = Engine::new();
    fill(&mut engine, "T", ROWS, &[("K", "Int", &|i| CellValue::Int(i64::from(i % 10_000)))]);
    turn(&mut engine, |turn| {
        let formula = "len(T.lookupRecords(K=$K))";
        turn.apply(DocAction::AddColumn("T".into(), "N".into(), info("N", "Int", formula)), true).unwrap();
    });
    let mut next = ROWS;
    let mut add = |engine: &mut Engine| {
        let rows: Vec<RowId> = (next + 1..=next + 1000).map(RowId).collect();
        next += 1000;
        let keys = rows.iter().map(|row| CellValue::Int(i64::from(row.0 % 500))).collect();
        let columns = ColumnValues::from_iter([(ColId::new("K"), keys)]);
        turn(engine, |turn| turn.apply(DocAction::BulkAddRecord("T".into(), rows, columns), true).unwrap())
    };
    add(&mut engine);
    let best = (0..3).map(|_| add(&mut engine)).min().unwrap();
    println!("1,000 rows, self-lookup\t1000\t{:.1}", best as f64 / 1000.0);
}

/// One edit with many dependents, and one at the head of a running total: nanoseconds per cell that changes.
fn edits() {
    let mut engine = Engine::new();
    fill(&mut engine, "R", 1, &[("Val", "Numeric", &|_| CellValue::Float(1.0))]);
    fill(
        &mut engine,
        "T",
        10_000,
        &[("Ref", "Ref:R", &|_| CellValue::Int(1)), ("A", "Numeric", &|_| CellValue::Float(1.0))],
    );
    for (id, formula) in
        [("Double", "$Ref.Val * 2"), ("Running", "(PREVIOUS(rec, order_by='id').Running or 0) + $A")]
    {
        turn(&mut engine, |turn| {
            turn.apply(DocAction::AddColumn("T".into(), id.into(), info(id, "Numeric", formula)), true)
                .unwrap();
        });
    }
    for (name, table, col) in
        [("10,000 dependents, an edit", "R", "Val"), ("running total, its head", "T", "A")]
    {
        let edit = |engine: &mut Engine, value: f64| {
            let values = RowValues::from_iter([(ColId::new(col), CellValue::Float(value))]);
            turn(engine, |turn| {
                turn.apply(DocAction::UpdateRecord(table.into(), RowId(1), values), true).unwrap();
            })
        };
        edit(&mut engine, 2.0);
        let best = (3..8).map(|value| edit(&mut engine, f64::from(value))).min().unwrap();
        println!("{name}\t10000\t{:.1}", best as f64 / 10_000.0);
    }
}
