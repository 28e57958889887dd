//! Formulas over documents: what is computed, and what follows from a change.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use engine::{Engine, Moment, Outcome, Turn};
use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId, RowValues, TableId};

fn column(id: &str, column_type: &str, formula: &str) -> ColumnInfo {
    ColumnInfo::from_iter([
        (ColId::new("id"), CellValue::text(id)),
        (ColId::new("type"), CellValue::text(column_type)),
        (ColId::new("isFormula"), CellValue::Bool(!formula.is_empty())),
        (ColId::new("formula"), CellValue::text(formula)),
    ])
}

fn turn(engine: &mut Engine, work: impl FnOnce(&mut Turn<'_>)) -> Outcome {
    let mut turn = engine.begin(Moment { now: 1_700_000_000.0, ..Moment::default() });
    work(&mut turn);
    turn.recalculate();
    turn.commit()
}

fn add_table(turn: &mut Turn<'_>, id: &str, columns: &[(&str, &str, &str)]) {
    let columns = columns.iter().map(|(id, column_type, formula)| column(id, column_type, formula)).collect();
    turn.apply(DocAction::AddTable(id.into(), columns), true).unwrap();
}

fn add_rows(turn: &mut Turn<'_>, id: &str, columns: &[(&str, Vec<CellValue>)]) {
    let count = u32::try_from(columns[0].1.len()).unwrap();
    let first = turn.engine().table(id).unwrap().next_row_id().0;
    let rows = (first..first + count).map(RowId).collect();
    let columns: ColumnValues =
        columns.iter().map(|(col, values)| (ColId::new(col), values.clone().into())).collect();
    turn.apply(DocAction::BulkAddRecord(id.into(), rows, columns), true).unwrap();
}

fn set(turn: &mut Turn<'_>, table: &str, row: u32, col: &str, value: impl Into<CellValue>) {
    let values = RowValues::from_iter([(ColId::new(col), value.into())]);
    turn.apply(DocAction::UpdateRecord(table.into(), RowId(row), values), true).unwrap();
}

fn ints(values: impl IntoIterator<Item = i64>) -> Vec<CellValue> {
    values.into_iter().map(CellValue::Int).collect()
}

fn texts(values: &[&str]) -> Vec<CellValue> {
    values.iter().map(|text| CellValue::text(text)).collect()
}

/// The cells of a column, as short text.
fn cells(engine: &Engine, table: &str, col: &str) -> String {
    let table = engine.table(table).unwrap();
    let cells: Vec<String> = table.rows().iter().map(|row| show(&table.cell(col, row))).collect();
    cells.join(" ")
}

fn show(cell: &CellValue) -> String {
    match cell {
        CellValue::Null => "-".into(),
        CellValue::Int(int) => int.to_string(),
        CellValue::Float(float) => float.to_string(),
        CellValue::Text(text) => text.to_string(),
        CellValue::Error(error) => format!("#{}", error.name),
        other => format!("{other:?}"),
    }
}

/// What was computed, as `Table.Column[rows]`.
fn computed(outcome: &Outcome) -> Vec<String> {
    let consequences = outcome.stored.iter().zip(&outcome.direct).filter(|(_, direct)| !**direct);
    consequences
        .map(|(action, _)| match action.clone().bulk() {
            DocAction::BulkUpdateRecord(table, rows, columns) => {
                let rows: Vec<u32> = rows.iter().map(|row| row.0).collect();
                format!("{table}.{}{rows:?}", columns.keys().next().unwrap())
            }
            other => other.name().to_owned(),
        })
        .collect()
}

fn orders() -> Engine {
    let mut engine = Engine::new();
    turn(&mut engine, |turn| {
        add_table(
            turn,
            "Items",
            &[
                ("Code", "Text", ""),
                ("Price", "Int", ""),
                ("Sold", "Any", "len(Orders.lookupRecords(Item=$id))"),
            ],
        );
        add_table(
            turn,
            "Orders",
            &[
                ("Item", "Ref:Items", ""),
                ("Count", "Int", ""),
                ("Total", "Any", "$Count * $Item.Price"),
                ("Double", "Any", "$Total * 2"),
                ("ByCode", "Any", "Items.lookupOne(Code='b').Price"),
                ("Running", "Any", "(PREVIOUS(rec, order_by='id').Running or 0) + $Count"),
            ],
        );
        add_rows(turn, "Items", &[("Code", texts(&["a", "b"])), ("Price", ints([10, 20]))]);
        add_rows(turn, "Orders", &[("Item", ints([1, 2, 1])), ("Count", ints([1, 2, 3]))]);
    });
    engine
}

#[test]
fn everything_is_computed_at_first() {
    let engine = orders();
    assert_eq!(cells(&engine, "Orders", "Total"), "10 40 30");
    assert_eq!(cells(&engine, "Orders", "Double"), "20 80 60");
    assert_eq!(cells(&engine, "Orders", "ByCode"), "20 20 20");
    assert_eq!(cells(&engine, "Orders", "Running"), "1 3 6");
    assert_eq!(cells(&engine, "Items", "Sold"), "2 1");
}

#[test]
fn only_what_depends_on_a_change_changes() {
    let mut engine = orders();
    let outcome = turn(&mut engine, |turn| set(turn, "Items", 1, "Price", CellValue::Int(11)));
    assert_eq!(computed(&outcome), ["Orders.Double[1, 3]", "Orders.Total[1, 3]"]);
    let outcome = turn(&mut engine, |turn| set(turn, "Items", 2, "Price", CellValue::Int(21)));
    assert_eq!(computed(&outcome), ["Orders.ByCode[1, 2, 3]", "Orders.Double[2]", "Orders.Total[2]"]);
    let outcome = turn(&mut engine, |turn| set(turn, "Orders", 2, "Count", CellValue::Int(5)));
    assert_eq!(computed(&outcome), ["Orders.Double[2]", "Orders.Running[2, 3]", "Orders.Total[2]"]);
    let outcome = turn(&mut engine, |turn| set(turn, "Orders", 3, "Item", CellValue::Int(2)));
    assert_eq!(computed(&outcome), ["Items.Sold[1, 2]", "Orders.Double[3]", "Orders.Total[3]"]);
    let outcome = turn(&mut engine, |turn| set(turn, "Items", 1, "Code", "b"));
    assert_eq!(computed(&outcome), ["Orders.ByCode[1, 2, 3]"]);
}

#[test]
fn undo_restores_computed_cells() {
    let mut engine = orders();
    let before: Vec<_> = engine.table_ids().iter().map(|id| engine.table(id).unwrap().data(true)).collect();
    let outcome = turn(&mut engine, |turn| {
        set(turn, "Orders", 2, "Count", CellValue::Int(9));
        turn.apply(DocAction::RemoveRecord("Items".into(), RowId(1)), true).unwrap();
    });
    assert_eq!(cells(&engine, "Orders", "Total"), "0 180 0");
    turn(&mut engine, |turn| {
        for action in outcome.undo.into_iter().rev() {
            turn.apply(action, true).unwrap();
        }
    });
    let after: Vec<_> = engine.table_ids().iter().map(|id| engine.table(id).unwrap().data(true)).collect();
    assert_eq!(after, before);
}

#[test]
fn long_chains_are_computed_whatever_their_length() {
    let mut engine = Engine::new();
    turn(&mut engine, |turn| {
        add_table(
            turn,
            "T",
            &[("N", "Int", ""), ("Up", "Any", "(PREVIOUS(rec, order_by='-id').Up or 0) + $N")],
        );
        add_rows(turn, "T", &[("N", ints(std::iter::repeat_n(1, 5000)))]);
    });
    let table = engine.table("T").unwrap();
    assert_eq!(
        (table.cell("Up", RowId(1)), table.cell("Up", RowId(5000))),
        (CellValue::Int(5000), CellValue::Int(1))
    );
    let outcome = turn(&mut engine, |turn| set(turn, "T", 4998, "N", CellValue::Int(2)));
    assert_eq!(outcome.stored.len(), 2);
    assert_eq!(engine.table("T").unwrap().cell("Up", RowId(1)), CellValue::Int(5001));
}

#[test]
fn cycles_are_errors_in_their_cells_only() {
    let mut engine = Engine::new();
    turn(&mut engine, |turn| {
        add_table(
            turn,
            "T",
            &[
                ("N", "Int", ""),
                ("A", "Any", "$B + 1 if $N else 1"),
                ("B", "Any", "$A + 1"),
                ("C", "Any", "$N"),
            ],
        );
        add_rows(turn, "T", &[("N", ints([0, 1]))]);
    });
    assert_eq!(cells(&engine, "T", "A"), "1 #CircularRefError");
    assert_eq!(cells(&engine, "T", "B"), "2 #CircularRefError");
    assert_eq!(cells(&engine, "T", "C"), "0 1");
    turn(&mut engine, |turn| set(turn, "T", 2, "N", CellValue::Int(0)));
    assert_eq!(cells(&engine, "T", "B"), "2 2");
}

#[test]
fn a_name_that_appears_mends_formulas() {
    let mut engine = orders();
    let broken = column("X", "Any", "$Missing + 1");
    turn(&mut engine, |turn| {
        turn.apply(DocAction::AddColumn("Items".into(), "X".into(), broken.clone()), true).unwrap();
    });
    assert_eq!(cells(&engine, "Items", "X"), "#AttributeError #AttributeError");
    let missing = column("Missing", "Int", "");
    turn(&mut engine, |turn| {
        turn.apply(DocAction::AddColumn("Items".into(), "Missing".into(), missing.clone()), true).unwrap();
    });
    assert_eq!(cells(&engine, "Items", "X"), "1 1");
    turn(&mut engine, |turn| {
        turn.apply(DocAction::RemoveColumn("Items".into(), "Missing".into()), true).unwrap();
    });
    assert_eq!(cells(&engine, "Items", "X"), "#AttributeError #AttributeError");
}

#[test]
fn a_runaway_formula_is_stopped() {
    let mut engine = orders();
    let formula = column("X", "Any", "while True:\n  pass\nreturn 1");
    turn(&mut engine, |turn| {
        turn.apply(DocAction::AddColumn("Items".into(), "X".into(), formula.clone()), true).unwrap();
    });
    assert_eq!(cells(&engine, "Items", "X"), "#TimeoutError #TimeoutError");
    turn(&mut engine, |turn| set(turn, "Items", 1, "Price", CellValue::Int(1)));
    assert_eq!(cells(&engine, "Orders", "Total"), "1 40 3");
}

#[test]
fn what_costs_too_much_is_an_error_in_its_cell_only() {
    // Documents run on threads with a stack of this size.
    std::thread::Builder::new().stack_size(64 << 20).spawn(too_costly).unwrap().join().unwrap();
}

fn too_costly() {
    let cases = [
        ("while True:\n  pass\nreturn 1", "TimeoutError"),
        ("'x' * 10**12", "MemoryError"),
        ("[0] * 10**12", "MemoryError"),
        ("list(range(10**12))", "MemoryError"),
        ("def f(n):\n  return f(n + 1)\nf(0)", "RecursionError"),
        ("10 ** 10 ** 10", "MemoryError"),
        // Either given up, or answered.
        (
            "import re\nif re.match(r'^((a+)+)\\1?$', 'a' * 40 + 'b'):\n  return 1\nraise RuntimeError()",
            "RuntimeError",
        ),
        ("sum(1 for a in range(10**9) for b in range(10**9))", "MemoryError"),
    ];
    for (formula, error) in cases {
        let mut engine = orders();
        turn(&mut engine, |turn| {
            let column = column("X", "Any", formula);
            turn.apply(DocAction::AddColumn("Items".into(), "X".into(), column), true).unwrap();
        });
        let shown = cells(&engine, "Items", "X");
        let first = shown.split(' ').next().unwrap_or_default();
        assert_eq!(first, format!("#{error}"), "{formula}");
        turn(&mut engine, |turn| set(turn, "Items", 1, "Price", CellValue::Int(1)));
        assert_eq!(cells(&engine, "Orders", "Total"), "1 40 3", "{formula}");
    }
}

#[test]
fn rows_added_by_a_formula_that_fails_are_taken_back() {
    let mut engine = Engine::new();
    turn(&mut engine, |turn| {
        add_table(turn, "Cities", &[("Name", "Text", "")]);
        let formula = "Cities.lookupOrAddDerived(Name=$City)\nreturn 1 / $N";
        add_table(turn, "T", &[("City", "Text", ""), ("N", "Int", ""), ("X", "Any", formula)]);
        add_rows(turn, "T", &[("City", texts(&["Rome", "Oslo", "Bern", "Rome"])), ("N", ints([1, 0, 0, 2]))]);
    });
    assert_eq!(cells(&engine, "Cities", "Name"), "Rome");
    assert_eq!(cells(&engine, "T", "X"), "1 #ZeroDivisionError #ZeroDivisionError 0.5");
}

#[test]
fn whole_columns_of_numbers_are_computed_and_undone() {
    let mut engine = Engine::new();
    turn(&mut engine, |turn| {
        add_table(turn, "T", &[("A", "Numeric", ""), ("X", "Numeric", "$A * 2"), ("Y", "Any", "$X + 1")]);
        let values = (0..100)
            .map(|at| if at == 50 { CellValue::text("n/a") } else { CellValue::Float(f64::from(at)) });
        add_rows(turn, "T", &[("A", values.collect())]);
    });
    let before = engine.table("T").unwrap().data(true);
    assert_eq!(engine.table("T").unwrap().cell("Y", RowId(11)), CellValue::Float(21.0));
    assert!(engine.table("T").unwrap().cell("X", RowId(51)).is_error());
    let outcome = turn(&mut engine, |turn| {
        let info = ColumnInfo::from_iter([(ColId::new("formula"), CellValue::text("$A * 3"))]);
        turn.apply(DocAction::ModifyColumn("T".into(), "X".into(), info), true).unwrap();
    });
    assert_eq!(engine.table("T").unwrap().cell("Y", RowId(11)), CellValue::Float(31.0));
    turn(&mut engine, |turn| {
        for action in outcome.undo.iter().rev() {
            turn.apply(action.clone(), true).unwrap();
        }
    });
    assert_eq!(engine.table("T").unwrap().data(true).columns["Y"], before.columns["Y"]);
    let mut dropped = engine.begin(Moment::default());
    let info = ColumnInfo::from_iter([(ColId::new("formula"), CellValue::text("$A * 5"))]);
    dropped.apply(DocAction::ModifyColumn("T".into(), "X".into(), info), true).unwrap();
    dropped.recalculate();
    drop(dropped);
    assert_eq!(engine.table("T").unwrap().data(true).columns["Y"], before.columns["Y"]);
}

#[test]
fn summaries_follow_their_source() {
    let mut engine = Engine::new();
    let metadata = |turn: &mut Turn<'_>,
                    table: &str,
                    columns: &[(&str, &str)],
                    rows: &[(u32, &[CellValue])]| {
        let spec: Vec<(&str, &str, &str)> =
            columns.iter().map(|(id, column_type)| (*id, *column_type, "")).collect();
        add_table(turn, table, &spec);
        for (row, values) in rows {
            let values =
                columns.iter().zip(*values).map(|((id, _), value)| (ColId::new(id), value.clone())).collect();
            turn.apply(DocAction::AddRecord(TableId::new(table), RowId(*row), values), true).unwrap();
        }
    };
    turn(&mut engine, |turn| {
        add_table(turn, "Sales", &[("City", "Text", ""), ("Amount", "Int", "")]);
        add_table(
            turn,
            "Sales_summary_City",
            &[
                ("City", "Text", ""),
                ("group", "RefList:Sales", "table.getSummarySourceGroup(rec)"),
                ("Amount", "Int", "SUM($group.Amount)"),
            ],
        );
        metadata(
            turn,
            "_grist_Tables",
            &[("tableId", "Text"), ("summarySourceTable", "Ref:_grist_Tables")],
            &[
                (1, &["Sales".into(), CellValue::Int(0)]),
                (2, &["Sales_summary_City".into(), CellValue::Int(1)]),
            ],
        );
        metadata(
            turn,
            "_grist_Tables_column",
            &[
                ("parentId", "Ref:_grist_Tables"),
                ("colId", "Text"),
                ("summarySourceCol", "Ref:_grist_Tables_column"),
            ],
            &[
                (1, &[CellValue::Int(1), "City".into(), CellValue::Int(0)]),
                (2, &[CellValue::Int(2), "City".into(), CellValue::Int(1)]),
            ],
        );
        add_rows(turn, "Sales", &[("City", texts(&["Rome", "Oslo", "Rome"])), ("Amount", ints([1, 2, 4]))]);
    });
    assert_eq!(cells(&engine, "Sales_summary_City", "City"), "Rome Oslo");
    assert_eq!(cells(&engine, "Sales_summary_City", "Amount"), "5 2");
    let mut emptied = Vec::new();
    turn(&mut engine, |turn| {
        set(turn, "Sales", 2, "City", "Bern");
        turn.recalculate();
        emptied = turn.take_emptied_groups();
    });
    assert_eq!(cells(&engine, "Sales_summary_City", "City"), "Rome Oslo Bern");
    assert_eq!(cells(&engine, "Sales_summary_City", "Amount"), "5 0 2");
    assert_eq!(emptied, [(TableId::new("Sales_summary_City"), vec![RowId(2)])]);
}
