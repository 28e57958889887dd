//! Whatever is done can be taken back: random bundles of user actions, undone and done again, leave the document as it was.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use actions::{UserAction, apply_user_actions};
use engine::{Engine, Moment};
use model::json::{Dialect, action_to_json, raw};
use model::{CellValue, DocAction, TableData};

fn action(text: &str) -> UserAction {
    UserAction::from_raw(&raw::parse(text).unwrap()).unwrap()
}

/// Does actions; gives what happened and its undo, or why it cannot be done.
fn apply(engine: &mut Engine, actions: &[UserAction]) -> Result<Vec<DocAction>, String> {
    let mut turn = engine.begin(Moment { zone: "UTC".into(), locale: "en-US".into(), ..Moment::default() });
    match apply_user_actions(&mut turn, actions) {
        Ok(_) => Ok(turn.commit().undo),
        Err(error) => Err(error.to_string()),
    }
}

fn undo_of(undo: &[DocAction]) -> UserAction {
    let list = undo.iter().map(|action| raw::raw_from_json(&action_to_json(action, Dialect::Stdio)));
    UserAction { name: "ApplyUndoActions".into(), arguments: vec![CellValue::list(list)] }
}

fn everything(engine: &Engine) -> Vec<TableData> {
    let mut tables = Vec::new();
    for id in engine.table_ids() {
        let mut data = engine.table(&id).unwrap().data(true);
        data.columns.sort_keys();
        tables.push(data);
    }
    tables
}

fn document() -> Engine {
    let mut engine = Engine::new();
    engine.declare_metadata();
    let start = [
        r#"["InitNewDoc"]"#,
        r#"["AddTable", "Owners", [{"id": "Name", "type": "Text"}, {"id": "Age", "type": "Numeric"}]]"#,
        r#"["AddTable", "Pets", [{"id": "Name", "type": "Text"}, {"id": "Owner", "type": "Ref:Owners"}, {"id": "Tags", "type": "ChoiceList"}]]"#,
        r#"["BulkAddRecord", "Owners", [null, null, null], {"Name": ["Ann", "Bob", "Cy"], "Age": [3, 40, 40]}]"#,
        r#"["BulkAddRecord", "Pets", [null, null, null], {"Name": ["Rex", "Tom", "Kit"], "Owner": [1, 2, 0], "Tags": [["L", "a"], ["L", "a", "b"], null]}]"#,
        r#"["AddColumn", "Owners", "Double", {"formula": "$Age * 2"}]"#,
    ];
    for text in start {
        apply(&mut engine, &[action(text)]).unwrap();
    }
    engine
}

/// One of many things that somebody might do.
fn something(random: &mut dyn FnMut(u32) -> u32) -> String {
    let row = random(4) + 1;
    let table = ["Owners", "Pets", "Folk"][random(3) as usize];
    let col = ["Name", "Age", "Owner", "Tags", "Double", "Extra"][random(6) as usize];
    match random(22) {
        0 => format!(
            r#"["UpdateRecord", "Owners", {row}, {{"Name": "n{}", "Age": {}}}]"#,
            random(9),
            random(99)
        ),
        1 => format!(r#"["UpdateRecord", "Pets", {row}, {{"Owner": {}}}]"#, random(4)),
        2 => format!(r#"["AddRecord", "{table}", null, {{"Name": "x"}}]"#),
        3 => format!(r#"["RemoveRecord", "{table}", {row}]"#),
        4 => format!(r#"["AddColumn", "{table}", "Extra", {{"type": "Text", "isFormula": false}}]"#),
        5 => format!(r#"["RemoveColumn", "{table}", "{col}"]"#),
        6 => format!(r#"["RenameColumn", "{table}", "{col}", "Extra"]"#),
        7 => format!(r#"["ModifyColumn", "{table}", "{col}", {{"type": "Text"}}]"#),
        8 => format!(r#"["ModifyColumn", "{table}", "{col}", {{"type": "Int"}}]"#),
        9 => format!(r#"["RenameTable", "{table}", "Folk"]"#),
        10 => r#"["AddReverseColumn", "Pets", "Owner"]"#.into(),
        11 => r#"["CreateViewSection", 1, 0, "record", [3], null]"#.into(),
        12 => r#"["CreateViewSection", 2, 0, "record", [7], null]"#.into(),
        13 => r#"["CreateViewSection", 2, 0, "detail", null, null]"#.into(),
        14 => format!(r#"["RemoveView", {row}]"#),
        15 => format!(r#"["AddEmptyRule", "{table}", 0, {}]"#, random(8)),
        16 => r#"["SetDisplayFormula", "Pets", null, 6, "$Owner.Name"]"#.into(),
        17 => format!(r#"["DuplicateTable", "{table}", "Copy", true]"#),
        18 => r#"["RenameChoices", "Pets", "Tags", {"a": "z"}]"#.into(),
        19 => format!(r#"["AddOrUpdateRecord", "Owners", {{"Name": "n{}"}}, {{"Age": 7}}, {{}}]"#, random(3)),
        20 => format!(r#"["ModifyColumn", "{table}", "{col}", {{"isFormula": true, "formula": "$id + 1"}}]"#),
        _ => format!(r#"["RemoveTable", "{table}"]"#),
    }
}

#[test]
fn undo_is_exact_and_so_is_redo() {
    for seed in 1..40_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut random = |below: u32| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            u32::try_from(state % u64::from(below)).unwrap()
        };
        let mut engine = document();
        let mut done = 0;
        for _ in 0..12 {
            let bundle = something(&mut random);
            let before = everything(&engine);
            match apply(&mut engine, &[action(&bundle)]) {
                Err(_) => assert_eq!(everything(&engine), before, "seed {seed}: refused {bundle}"),
                Ok(undo) => {
                    done += 1;
                    let after = everything(&engine);
                    let redo = apply(&mut engine, &[undo_of(&undo)]).unwrap();
                    assert_eq!(everything(&engine), before, "seed {seed}: undo of {bundle}");
                    apply(&mut engine, &[undo_of(&redo)]).unwrap();
                    assert_eq!(everything(&engine), after, "seed {seed}: redo of {bundle}");
                }
            }
        }
        assert!(done > 0, "seed {seed} does nothing");
    }
}

#[test]
fn text_is_read_by_the_types_of_columns() {
    let mut engine = document();
    apply(&mut engine, &[action(r#"["ModifyColumn", "Pets", "Owner", {"visibleCol": 2}]"#)]).unwrap();
    let mut bundle = [
        action(r#"["AddRecord", "Owners", null, {"Name": "Dee", "Age": "1,234.5"}]"#),
        action(
            r#"["BulkAddRecord", "Pets", [null, null], {"Owner": ["Bob", "Nobody"], "Tags": ["a, b", ""]}]"#,
        ),
    ];
    actions::parse_strings(&engine, &mut bundle);
    apply(&mut engine, &bundle).unwrap();
    let owners = engine.table("Owners").unwrap();
    assert_eq!(owners.cell("Age", model::RowId(4)), CellValue::Float(1234.5));
    let pets = engine.table("Pets").unwrap();
    assert_eq!(pets.cell("Owner", model::RowId(4)), CellValue::Int(2));
    assert_eq!(pets.cell("Owner", model::RowId(5)), CellValue::text("Nobody"));
    assert_eq!(
        pets.cell("Tags", model::RowId(4)),
        CellValue::list([CellValue::text("a"), CellValue::text("b")])
    );
    assert_eq!(pets.cell("Tags", model::RowId(5)), CellValue::Null);
}
