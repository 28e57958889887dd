//! Formulas that run over whole columns keep to what they give row by row, through changes of everything they read.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use engine::{Engine, Moment, Turn};
use model::{CellValue, ColId, ColumnInfo, ColumnValues, DocAction, RowId};
use proptest::prelude::*;

/// Rows of the table with the formulas, and of the one that they look into.
const ROWS: u32 = 48;
const OTHERS: u32 = 12;

const FORMULAS: [(&str, &str); 9] = [
    ("Numeric", "R.lookupOne(Name='n%d' % $K).Val"),
    ("Numeric", "R.lookupOne(Name=$Text, order_by='-Val').Val + $A"),
    ("Text", "R.lookupOne(id=$K).Name"),
    ("Numeric", "R.lookupOne(Val=$A, Name=$Text).Val if $A > 3 else 0"),
    ("Numeric", "$Ref.Val * 2"),
    ("Text", "R.lookupOne(Name=$Ref.Name).Name + '!'"),
    ("Numeric", "R.lookupOne(Name=R.lookupOne(Val=$A).Name).Val"),
    ("Int", "T.lookupOne(A=$A).K"),
    ("Date", "$Day + datetime.timedelta(days=1)"),
];

#[derive(Clone, Debug)]
enum Change {
    /// A column of the table, or of the other, for all rows that are there.
    Column(bool, usize, Vec<u8>),
    Remove(bool, u32),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<bool>(), 0_usize..5, prop::collection::vec(any::<u8>(), ROWS as usize)).prop_map(|(own, col, seeds)| Change::Column(own, col, seeds)),
        1 => (any::<bool>(), 1..=ROWS).prop_map(|(own, row)| Change::Remove(own, row)),
    ]
}

fn cell(col: &str, seed: u8) -> CellValue {
    if seed.is_multiple_of(17) {
        return if seed.is_multiple_of(2) { CellValue::Null } else { CellValue::text("odd") };
    }
    match col {
        "Name" | "Text" => CellValue::text(&format!("n{}", seed % 14)),
        "K" => CellValue::Int(i64::from(seed % 14)),
        "Ref" => CellValue::Int(i64::from(seed) % i64::from(OTHERS + 2)),
        "Day" => CellValue::Float(f64::from(seed) * 86_400.0),
        _ => CellValue::Float(f64::from(seed % 9)),
    }
}

fn info(id: &str, column_type: &str, formula: &str) -> ColumnInfo {
    ColumnInfo::from_iter([
        (ColId::new("id"), CellValue::text(id)),
        (ColId::new("type"), CellValue::text(column_type)),
        (ColId::new("isFormula"), CellValue::Bool(!formula.is_empty())),
        (ColId::new("formula"), CellValue::text(formula)),
    ])
}

fn turn(engine: &mut Engine, work: impl FnOnce(&mut Turn<'_>)) {
    let mut turn = engine.begin(Moment::default());
    work(&mut turn);
    turn.recalculate();
    drop(turn.commit());
}

fn document() -> Engine {
    let mut engine = Engine::new();
    turn(&mut engine, |turn| {
        let others = vec![info("Name", "Text", ""), info("Val", "Numeric", "")];
        turn.apply(DocAction::AddTable("R".into(), others), true).unwrap();
        let columns = [("A", "Numeric"), ("K", "Int"), ("Text", "Text"), ("Ref", "Ref:R"), ("Day", "Date")];
        let mut columns: Vec<ColumnInfo> = columns.iter().map(|(id, kind)| info(id, kind, "")).collect();
        for (at, (kind, formula)) in FORMULAS.iter().enumerate() {
            columns.push(info(&format!("Fast{at}"), kind, formula));
            // The same, in a way that only runs row by row.
            columns.push(info(&format!("Slow{at}"), kind, &format!("[{formula}][0]")));
        }
        turn.apply(DocAction::AddTable("T".into(), columns), true).unwrap();
        for (table, count) in [("R", OTHERS), ("T", ROWS)] {
            let rows = (1..=count).map(RowId).collect();
            turn.apply(DocAction::BulkAddRecord(table.into(), rows, ColumnValues::default()), true).unwrap();
        }
    });
    engine
}

fn apply(engine: &mut Engine, change: &Change) {
    let table = |own: bool| if own { "T" } else { "R" };
    match change {
        Change::Column(own, col, seeds) => {
            let names = if *own { &["A", "K", "Text", "Ref", "Day"][..] } else { &["Name", "Val"][..] };
            let name = names[col % names.len()];
            let rows: Vec<RowId> = engine.table(table(*own)).unwrap().rows().iter().collect();
            let values = rows.iter().zip(seeds).map(|(_, seed)| cell(name, *seed)).collect();
            let columns = ColumnValues::from_iter([(ColId::new(name), values)]);
            turn(engine, |turn| {
                turn.apply(DocAction::BulkUpdateRecord(table(*own).into(), rows, columns), true).unwrap();
            });
        }
        Change::Remove(own, row) => {
            if engine.table(table(*own)).unwrap().rows().contains(RowId(*row)) {
                turn(engine, |turn| {
                    turn.apply(DocAction::RemoveRecord(table(*own).into(), RowId(*row)), true).unwrap();
                });
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn whole_columns_give_what_rows_give(changes in prop::collection::vec(change(), 1..14)) {
        let mut engine = document();
        for change in &changes {
            apply(&mut engine, change);
            let table = engine.table("T").unwrap();
            for (at, (_, formula)) in FORMULAS.iter().enumerate() {
                for row in table.rows().iter() {
                    let (fast, slow) = (table.cell(&format!("Fast{at}"), row), table.cell(&format!("Slow{at}"), row));
                    prop_assert_eq!(fast, slow, "{} in row {:?} after {:?}", formula, row, change);
                }
            }
        }
    }
}
