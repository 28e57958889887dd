//! Doc actions on random documents: undo gives the state before, replay of what was stored the state after, and a dropped turn nothing.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use engine::{Engine, Moment};
use model::{CellValue, Cells, ColId, ColumnInfo, ColumnValues, DocAction, RowId, TableData, TableId};
use proptest::prelude::*;

const TABLES: [&str; 3] = ["T", "U", "V"];
const COLS: [&str; 3] = ["A", "B", "C"];
const TYPES: [&str; 6] = ["Text", "Numeric", "Int", "Bool", "Ref:T", "ChoiceList"];

fn cell() -> impl Strategy<Value = CellValue> {
    prop_oneof![
        Just(CellValue::Null),
        any::<bool>().prop_map(CellValue::Bool),
        (-3i64..5).prop_map(CellValue::Int),
        (-2.0..2.0).prop_map(CellValue::Float),
        "[a-c]{0,2}".prop_map(|text| CellValue::text(&text)),
        Just(CellValue::list([CellValue::text("x")])),
        Just(CellValue::error("ValueError")),
    ]
}

fn columns(rows: usize) -> impl Strategy<Value = ColumnValues> {
    prop::collection::vec((0..COLS.len(), prop::collection::vec(cell(), rows)), 0..3).prop_map(|columns| {
        columns.into_iter().map(|(col, values)| (ColId::new(COLS[col]), values.into())).collect()
    })
}

fn info() -> impl Strategy<Value = ColumnInfo> {
    (0..TYPES.len())
        .prop_map(|kind| ColumnInfo::from_iter([(ColId::new("type"), CellValue::text(TYPES[kind]))]))
}

fn action() -> impl Strategy<Value = DocAction> {
    let table = (0..TABLES.len()).prop_map(|at| TableId::new(TABLES[at]));
    let col = (0..COLS.len()).prop_map(|at| ColId::new(COLS[at]));
    let rows = prop::collection::btree_set(1u32..9, 1..4)
        .prop_map(|rows| rows.into_iter().map(RowId).collect::<Vec<_>>());
    let data = rows.prop_flat_map(|rows| (Just(rows.clone()), columns(rows.len())));
    (table.clone(), table, col.clone(), col, data, info(), 0..10).prop_map(
        |(t, u, c, d, (rows, values), info, kind)| match kind {
            0 | 1 => DocAction::BulkAddRecord(t, rows, values),
            2 | 3 => DocAction::BulkUpdateRecord(t, rows, values),
            4 => DocAction::BulkRemoveRecord(t, rows),
            5 => DocAction::ReplaceTableData(t, rows, values),
            6 => DocAction::AddColumn(t, c, info),
            7 => DocAction::RemoveColumn(t, c),
            8 if c == d => DocAction::RenameTable(t, u),
            8 => DocAction::RenameColumn(t, c, d),
            _ if c == d => DocAction::RemoveTable(t),
            _ if rows.len() == 1 => DocAction::AddTable(t, vec![with_id(&info, &c)]),
            _ => DocAction::ModifyColumn(t, c, info),
        },
    )
}

fn with_id(info: &ColumnInfo, col: &ColId) -> ColumnInfo {
    let mut with_id = ColumnInfo::from_iter([(ColId::new("id"), CellValue::Text(col.text()))]);
    with_id.extend(info.clone());
    with_id
}

fn sample() -> Engine {
    let mut engine = Engine::new();
    let mut turn = engine.begin(Moment::default());
    for table in ["T", "U"] {
        let columns = ["A", "B"].into_iter().zip(["Text", "Numeric"]).map(|(col, kind)| {
            with_id(&ColumnInfo::from_iter([(ColId::new("type"), CellValue::text(kind))]), &ColId::new(col))
        });
        turn.apply(DocAction::AddTable(table.into(), columns.collect()), true).unwrap();
        let values = ColumnValues::from_iter([(
            ColId::new("A"),
            Cells::from([CellValue::text("x"), CellValue::Int(1), CellValue::Null]),
        )]);
        turn.apply(DocAction::BulkAddRecord(table.into(), vec![RowId(1), RowId(3), RowId(4)], values), true)
            .unwrap();
    }
    drop(turn.commit());
    engine
}

/// All tables with the types of their columns; columns sorted, since their order is not part of the state.
fn state(engine: &Engine) -> Vec<(TableData, Vec<(ColId, String)>)> {
    engine
        .table_ids()
        .iter()
        .filter_map(|id| engine.table(id))
        .map(|table| {
            let mut data = table.data(true);
            data.columns.sort_keys();
            // 1 and 1.0 are the same cell.
            let plain = |value: CellValue| match value {
                CellValue::Float(_) => value.as_int().map_or(value, CellValue::Int),
                other => other,
            };
            data.columns.values_mut().for_each(|cells| *cells = cells.iter().map(plain).collect());
            let mut types: Vec<_> = table
                .columns()
                .map(|(_, slot)| (slot.id.clone(), slot.spec.column_type.to_string()))
                .collect();
            types.sort();
            (data, types)
        })
        .collect()
}

proptest! {
    #[test]
    fn undo_is_the_inverse_and_replay_is_the_state(actions in prop::collection::vec(action(), 1..12)) {
        let mut engine = sample();
        let before = state(&engine);

        let mut turn = engine.begin(Moment::default());
        for action in &actions {
            let _ = turn.apply(action.clone(), true);
        }
        drop(turn);
        prop_assert_eq!(&state(&engine), &before, "a dropped turn");

        let mut turn = engine.begin(Moment::default());
        for action in &actions {
            let _ = turn.apply(action.clone(), true);
        }
        let outcome = turn.commit();
        let after = state(&engine);

        let mut other = sample();
        let mut turn = other.begin(Moment::default());
        for action in &outcome.stored {
            turn.apply(action.clone(), true).unwrap();
        }
        drop(turn.commit());
        prop_assert_eq!(&state(&other), &after, "replay");

        let mut turn = engine.begin(Moment::default());
        for action in outcome.undo.iter().rev() {
            turn.apply(action.clone(), true).unwrap();
        }
        drop(turn.commit());
        prop_assert_eq!(&state(&engine), &before, "undo");
    }
}
