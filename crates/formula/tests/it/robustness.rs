//! Whatever the formula: reading it never panics, running it never panics nor runs away.

use crate::document::{Document, Running};
use formula::{ColIx, Context, Limits, Place, compile, convert};
use model::{CellValue, ColumnType, RowId};
use proptest::prelude::*;

fn run(source: &str) {
    let document = Document::new("UTC");
    let table =
        document.add_table("T", &[("A", "Numeric"), ("B", "Text"), ("R", "Ref:T"), ("L", "RefList:T")]);
    for at in 0..3 {
        let cells = [
            ("A", CellValue::Float(f64::from(at))),
            ("B", CellValue::text("x")),
            ("R", CellValue::Int(at.into())),
            ("L", CellValue::list([CellValue::Int(1)])),
        ];
        document.add_row(table, &cells);
    }
    let formula = compile(source, Place { table, col: ColIx(0) }, &document);
    let mut host = Running { document: &document };
    let mut limits = Limits { fuel: 200_000, allocation: 16 << 20, ..Limits::default() };
    if let Ok(value) = formula.evaluate(RowId(1), &mut host, &mut limits, None) {
        let mut context = Context::new(&mut host, &mut limits);
        for kind in [
            "Any",
            "Text",
            "Numeric",
            "Int",
            "Bool",
            "Date",
            "DateTime:UTC",
            "ChoiceList",
            "Ref:T",
            "RefList:T",
        ] {
            let _ = convert::convert(&value, &ColumnType::parse(kind), &mut context);
        }
    }
}

/// Pieces that are put together to something that is often almost Python.
fn fragments() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "$A",
        "$B",
        "$R.A",
        "$L",
        "rec",
        "T",
        "x",
        "f",
        "1",
        "0",
        "-1",
        "2.5",
        "1e308",
        "10**9",
        "'a'",
        "''",
        "[]",
        "[1, 2]",
        "(1,)",
        "{}",
        "{'a': 1}",
        "None",
        "True",
        " + ",
        " - ",
        " * ",
        " / ",
        " // ",
        " % ",
        " ** ",
        " << ",
        " < ",
        " == ",
        " in ",
        " and ",
        " or ",
        " not ",
        " if ",
        " else ",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
        ":",
        " = ",
        " := ",
        ".",
        ".x",
        ".A",
        "\n",
        "\n  ",
        "return ",
        "for x in ",
        "while ",
        "if ",
        "def f(x):",
        "lambda x: ",
        "try:",
        "except:",
        "finally:",
        "raise ",
        "len(",
        "sum(",
        "max(",
        "sorted(",
        "str(",
        "int(",
        "list(",
        "range(",
        "map(",
        "zip(",
        "IF(",
        "PREVIOUS(rec, order_by=",
        "T.lookupRecords(",
        "A=",
        "order_by=",
        "CONTAINS(",
        "f'{",
        "}'",
        "*",
        "**",
        "del ",
        "assert ",
        "import math",
        "match x:",
        "case ",
        "$",
        "é",
        "\\",
        "#",
        "\"",
    ]);
    prop::collection::vec(piece, 1..14).prop_map(|pieces| pieces.concat())
}

/// Programs that are valid and do much.
fn programs() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "$A",
        "$B",
        "$R",
        "$L",
        "x",
        "y",
        "3",
        "-2",
        "0",
        "1.5",
        "'ab'",
        "[1, 2, 3]",
        "{'k': 1}",
        "None",
        "(1, 'a')",
        "T.all",
        "range(5)",
    ])
    .prop_map(str::to_owned);
    let expression = leaf.prop_recursive(4, 32, 3, |inner| {
        let operator = prop::sample::select(vec![
            "+", "-", "*", "/", "//", "%", "**", "<<", ">>", "|", "&", "<", "==", "in", "and", "or", "is",
        ]);
        let function = prop::sample::select(vec![
            "len", "str", "sum", "max", "sorted", "list", "repr", "bool", "abs", "int", "float", "tuple",
            "set", "iter", "hash", "round",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (function, inner.clone()).prop_map(|(f, a)| format!("{f}({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}:]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a} for x in {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("list({a} for y in {b} if y)")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(lambda x: {a})({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, *{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} % {b})")),
            inner.prop_map(|a| format!("f'{{{a}:>5}}'")
                .replace("'ab'", "\"ab\"")
                .replace("'k'", "\"k\"")
                .replace("'a'", "\"a\"")),
        ]
    });
    (expression.clone(), expression.clone(), expression).prop_map(|(a, b, c)| {
        format!("x = {a}\ny = 0\nfor i in range(4):\n  try:\n    x = [x, {b}]\n    y += 1\n  except TypeError:\n    y = {c}\nreturn x, y")
    })
}

fn on_a_large_stack(source: String) {
    std::thread::Builder::new().stack_size(64 << 20).spawn(move || run(&source)).unwrap().join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn almost_python_is_refused_or_runs(source in fragments()) {
        on_a_large_stack(source);
    }

    #[test]
    fn any_text_is_refused_or_runs(source in "\\PC{0,40}") {
        on_a_large_stack(source);
    }

    #[test]
    fn programs_end(source in programs()) {
        on_a_large_stack(source);
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("-", ""),
        ("not ", ""),
        ("f(", ")"),
        ("x.", ""),
        ("lambda: ", ""),
        ("{1: ", "}"),
        ("1 + (", ")"),
    ] {
        for depth in [50, 1000, 5000] {
            on_a_large_stack(format!("{}1{}", open.repeat(depth), close.repeat(depth)));
        }
    }
    on_a_large_stack("1".to_owned() + &" + 1".repeat(20_000));
    on_a_large_stack("sorted(".repeat(100) + "[]" + &")".repeat(100));
}
