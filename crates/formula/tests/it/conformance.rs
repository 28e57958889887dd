//! Formulas against what Grist itself gave: `../shared/conformance/engine/golden/share/functions.json`.
//!
//! `CASES=group` prints the differences of a group (`CASES=all`: of all).

use std::collections::BTreeMap;

use crate::document::Document;
use formula::convert::error_cell;
use model::json::{Dialect, cell_from_json, cell_to_json};
use model::{CellValue, RowId};
use serde_json::Value as Json;

/// How many cases pass, at the least, by group.
const PASSES: &[(&str, usize)] =
    &[("badcall", 214), ("call", 1647), ("doctest", 426), ("python", 237), ("records", 47)];

fn golden() -> Json {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/conformance/engine/golden/share/functions.json"
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn setup(golden: &Json) -> Document {
    let document = Document::new("America/New_York");
    for action in golden["setup"].as_array().unwrap() {
        match action[0].as_str().unwrap() {
            "AddTable" => {
                let columns = action[2].as_array().unwrap();
                let mut named: Vec<(&str, &str)> = columns
                    .iter()
                    .map(|column| (column["id"].as_str().unwrap(), column["type"].as_str().unwrap()))
                    .collect();
                named.push(("manualSort", "ManualSortPos"));
                let table = document.add_table(action[1].as_str().unwrap(), &named);
                for column in columns {
                    if let Some(formula) = column["formula"].as_str() {
                        document.set_formula(table, column["id"].as_str().unwrap(), formula);
                    }
                }
            }
            "BulkAddRecord" => {
                let table = formula::Schema::table(&document, action[1].as_str().unwrap()).unwrap();
                for (at, row) in action[2].as_array().unwrap().iter().enumerate() {
                    let mut cells: Vec<(&str, CellValue)> = action[3]
                        .as_object()
                        .unwrap()
                        .iter()
                        .map(|(id, values)| (id.as_str(), cell_from_json(&values[at])))
                        .collect();
                    cells.push(("manualSort", CellValue::Float(row.as_f64().unwrap())));
                    document.add_row(table, &cells);
                }
            }
            _ => {}
        }
    }
    document
}

/// Like the checkers: `1` and `1.0` are the same, `true` and `1` are not.
fn same(a: &CellValue, b: &CellValue) -> bool {
    match (a, b) {
        (CellValue::Int(int), CellValue::Float(float)) | (CellValue::Float(float), CellValue::Int(int)) => {
            *int as f64 == *float
        }
        (CellValue::List(a), CellValue::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (CellValue::Dict(a), CellValue::Dict(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, a)| b.iter().any(|(other, b)| key == other && same(a, b)))
        }
        _ => a == b,
    }
}

fn check(document: &Document, case: &Json) -> Result<(), String> {
    let table = formula::Schema::table(document, "Cases").unwrap();
    let result = document.evaluate(case["formula"].as_str().unwrap(), table, RowId(1));
    match (&case["error"], result) {
        (Json::Null, Ok(value)) => {
            let (got, wanted) = (document.encode(&value), cell_from_json(&case["value"]));
            let shown = || cell_to_json(&got, Dialect::Stdio);
            if same(&got, &wanted) {
                Ok(())
            } else {
                Err(format!("got {}, wanted {}", shown(), case["value"]))
            }
        }
        (Json::Null, Err(error)) => Err(format!("raised {error:?}, wanted {}", case["value"])),
        (wanted, Ok(value)) => Err(format!("got {}, wanted {wanted}", formula::ops::plain_repr(&value))),
        (wanted, Err(error)) => {
            let first = wanted["message"].as_str().unwrap_or("").split("\n\n").next().unwrap_or("");
            let CellValue::Error(cell) = error_cell(&error) else { return Err("no error".to_owned()) };
            if cell.name != *wanted["type"].as_str().unwrap() {
                Err(format!("raised {error:?}, wanted {}: {first}", wanted["type"]))
            } else if error.message() == first {
                Ok(())
            } else {
                Err(format!("said {:?}, wanted {first:?}", error.message()))
            }
        }
    }
}

/// Formulas may nest deeply: they run on a thread with a stack of 64 MB, here as in the program.
#[test]
fn formulas_give_what_grist_gave() {
    std::thread::Builder::new().stack_size(64 << 20).spawn(compare).unwrap().join().unwrap();
}

fn compare() {
    let golden = golden();
    let document = setup(&golden);
    let cases = document.add_table("Cases", &[("A", "Any")]);
    document.add_row(cases, &[]);
    let wanted = std::env::var("CASES").unwrap_or_default();
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    let mut total: BTreeMap<String, usize> = BTreeMap::new();
    for case in golden["cases"].as_array().unwrap() {
        let full = case["group"].as_str().unwrap();
        let group = full.split('/').next().unwrap().to_owned();
        *total.entry(group.clone()).or_default() += 1;
        match check(&document, case) {
            Ok(()) => *passed.entry(group).or_default() += 1,
            Err(difference) if wanted == "all" || wanted == group || wanted == full => {
                println!("{full}: {} -> {difference}", case["formula"]);
            }
            Err(_) => {}
        }
    }
    println!("{passed:?} of {total:?}");
    for (group, least) in PASSES {
        let count = passed.get(*group).copied().unwrap_or(0);
        assert!(count >= *least, "{group}: {count} pass, {least} did before");
    }
}
