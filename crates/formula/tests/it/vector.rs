//! The vector path and the slow path agree: random formulas over random cells.

use crate::document::{Document, Running};
use formula::vector::VectorValues;
use formula::{Context, Limits, Place, Schema, compile, convert};
use model::{CellValue, Column, ColumnType, RowId};
use proptest::prelude::*;

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("$F".to_owned()),
        Just("$G".to_owned()),
        Just("$I".to_owned()),
        Just("$J".to_owned()),
        Just("$B".to_owned()),
        Just("$R.F".to_owned()),
        Just("$R.I".to_owned()),
        Just("$R.R.G".to_owned()),
        date().prop_map(|date| format!("{date}.year")),
        date().prop_map(|date| format!("MONTH({date})")),
        (date(), date()).prop_map(|(a, b)| format!("({a} <= {b})")),
        text().prop_map(|text| format!("len({text})")),
        text().prop_map(|text| format!("int({text})")),
        Just("int($F * 10)".to_owned()),
        (text(), text()).prop_map(|(a, b)| format!("({a} == {b})")),
        text().prop_map(|a| format!("({a} < 'b')")),
        (-5_i64..100).prop_map(|int| int.to_string()),
        prop_oneof![Just("0.5"), Just("2.0"), Just("1e300"), Just("0.0"), Just("True")]
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operator = prop_oneof![
            Just("+"),
            Just("-"),
            Just("*"),
            Just("/"),
            Just("//"),
            Just("%"),
            Just("<"),
            Just("<="),
            Just("=="),
            Just("!="),
            Just(">"),
            Just("and"),
            Just("or"),
        ];
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({b} if {a} else {c})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("IF({a}, {b}, {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            inner.clone().prop_map(|a| format!("(-{a})")),
            inner.clone().prop_map(|a| format!("(not {a})")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("SUM([{a}, {b}], {c})")),
            (inner, -1_i64..3).prop_map(|(a, places)| format!("round({a}, {places})")),
        ]
    })
}

fn date() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("$D".to_owned()), Just("$E".to_owned()), Just("$R.D".to_owned())];
    let days = || prop_oneof![-40_i64..40, Just(-800_000_i64), Just(800_000)];
    leaf.prop_recursive(2, 6, 2, move |inner| {
        let unit = prop_oneof![Just("days"), Just("hours"), Just("weeks")];
        prop_oneof![
            (inner.clone(), days(), unit.clone())
                .prop_map(|(a, n, unit)| format!("({a} + datetime.timedelta({unit}={n}))")),
            (inner.clone(), days(), unit)
                .prop_map(|(a, n, unit)| format!("({a} - datetime.timedelta({unit}={n}))")),
            (inner.clone(), -30_i64..30, days())
                .prop_map(|(a, months, days)| format!("DATEADD({a}, months={months}, days={days})")),
            (inner.clone(), -130_i64..30)
                .prop_map(|(a, years)| format!("DATEADD({a}, years={years}, weeks=1)")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} if $B else {b})")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("$T".to_owned()),
        Just("$C".to_owned()),
        Just("$R.T".to_owned()),
        Just("'b'".to_owned()),
        Just("str($I)".to_owned()),
        Just("re.search(r'(\\w)([ab]*)', $T).group(2)".to_owned()),
        Just("re.match('(a)|b', $C).group(1)".to_owned()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("'%s: %s (%d)' % ({a}, {b}, $I)")),
            inner.clone().prop_map(|a| format!("f'{{{}}} of {{$J}}'", a.replace('\'', "\""))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("IF($F > 0, {a}, {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a} or {b})")),
        ]
    })
}

/// A formula, and the type of its column.
fn formula() -> impl Strategy<Value = (String, &'static str)> {
    let number = prop_oneof![Just("Any"), Just("Numeric"), Just("Int"), Just("Bool")];
    let written = prop_oneof![Just("Any"), Just("Text"), Just("Choice")];
    prop_oneof![
        4 => (expression(), number.clone()),
        1 => (expression(), expression(), expression(), number).prop_map(|(a, b, c, target)| {
            (format!("if {a}:\n  return {b}\nelif $B:\n  return 3\nreturn {c}"), target)
        }),
        1 => (date(), Just("Date")),
        1 => (text(), written),
    ]
}

fn day() -> impl Strategy<Value = CellValue> {
    prop_oneof![
        4 => (-40_000_i32..40_000).prop_map(|day| CellValue::Float(f64::from(day) * 86_400.0)),
        1 => (-1e6_f64..1e6).prop_map(CellValue::Float),
        1 => prop_oneof![Just(-719_162.0), Just(2_932_896.0), Just(3_000_000.0), Just(f64::NAN)].prop_map(|day| CellValue::Float(day * 86_400.0)),
        1 => Just(CellValue::Null),
        1 => Just(CellValue::text("soon")),
    ]
}

fn words() -> impl Strategy<Value = CellValue> {
    prop_oneof![
        4 => "[abé ]{0,20}".prop_map(|text| CellValue::text(&text)),
        1 => Just(CellValue::Null),
        1 => Just(CellValue::Float(1.5)),
    ]
}

fn number() -> impl Strategy<Value = CellValue> {
    prop_oneof![
        4 => (-100.0_f64..100.0).prop_map(CellValue::Float),
        2 => (-3_i32..4).prop_map(|int| CellValue::Float(f64::from(int))),
        1 => prop_oneof![Just(0.0), Just(-0.0), Just(f64::NAN), Just(f64::INFINITY), Just(1e308), Just(9_007_199_254_740_993.0)].prop_map(CellValue::Float),
        1 => Just(CellValue::Null),
        1 => Just(CellValue::text("n/a")),
    ]
}

fn integer() -> impl Strategy<Value = CellValue> {
    prop_oneof![
        4 => (-100_i64..100).prop_map(CellValue::Int),
        1 => prop_oneof![Just(i64::from(i32::MAX)), Just(i64::from(i32::MIN))].prop_map(CellValue::Int),
        1 => Just(CellValue::Null),
        1 => Just(CellValue::text("x")),
    ]
}

fn truth() -> impl Strategy<Value = CellValue> {
    prop_oneof![4 => any::<bool>().prop_map(CellValue::Bool), 1 => Just(CellValue::text("maybe"))]
}

const COLUMNS: [(&str, &str); 11] = [
    ("F", "Numeric"),
    ("G", "Numeric"),
    ("I", "Int"),
    ("J", "Int"),
    ("B", "Bool"),
    ("D", "Date"),
    ("E", "Date"),
    ("T", "Text"),
    ("C", "Choice"),
    ("R", "Ref:T"),
    ("Result", "Any"),
];

fn row() -> impl Strategy<Value = Vec<CellValue>> {
    let numbers = (number(), number(), integer(), integer(), truth());
    let others = (day(), day(), words(), words(), (0_i64..8).prop_map(CellValue::Int));
    (numbers, others).prop_map(|((f, g, i, j, b), (d, e, t, c, r))| vec![f, g, i, j, b, d, e, t, c, r])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn vector_and_slow_path_agree((source, target) in formula(), rows in prop::collection::vec(row(), 1..8)) {
        let document = Document::new("UTC");
        let mut columns = COLUMNS;
        columns[10].1 = target;
        let table = document.add_table("T", &columns);
        for cells in &rows {
            let cells: Vec<(&str, CellValue)> = COLUMNS.iter().map(|(name, _)| *name).zip(cells.iter().cloned()).collect();
            document.add_row(table, &cells);
        }
        let place = Place { table, col: document.column(table, "Result").unwrap() };
        let formula = compile(&source, place, &document);
        prop_assert!(formula.refusal.is_none(), "{:?} of {}", formula.refusal, source);
        let Some(program) = formula.vector() else { return Ok(()) };
        let columns: Vec<Column> = program
            .inputs()
            .iter()
            .map(|input| {
                let mut column = Column::new(&document.column_type(input.table, input.col));
                for (at, cell) in document.tables.borrow()[0].columns[input.col.0 as usize].cells.iter().enumerate() {
                    column.set(RowId(u32::try_from(at).unwrap() + 1), cell.clone());
                }
                column
            })
            .collect();
        let asked: Vec<RowId> = (1..=rows.len()).map(|row| RowId(u32::try_from(row).unwrap())).collect();
        let result = program.run(&columns.iter().collect::<Vec<_>>(), &asked);
        for (at, row) in asked.iter().enumerate() {
            if result.left.contains(&at) {
                continue;
            }
            let fast = match &result.values {
                VectorValues::Float(values) => CellValue::Float(values[at]),
                VectorValues::Int(values) => CellValue::Int(values[at]),
                VectorValues::Bool(values) => CellValue::Bool(values[at]),
                VectorValues::Text(values) => CellValue::Text(values[at].clone()),
            };
            let mut limits = Limits::default();
            let mut host = Running { document: &document };
            let slow = match formula.evaluate(*row, &mut host, &mut limits, None) {
                Ok(value) => convert::convert(&value, &ColumnType::parse(target), &mut Context::new(&mut host, &mut limits)),
                Err(error) => convert::error_cell(&error),
            };
            prop_assert_eq!(&fast, &slow, "{} in {} of {:?}", source, target, rows[at]);
        }
    }
}

/// What people write runs as vectors.
#[test]
fn these_run_as_vectors() {
    let document = Document::new("UTC");
    let columns = COLUMNS;
    let table = document.add_table("T", &columns);
    let cases = [
        ("Numeric", "$F * 2 + $G"),
        ("Numeric", "SUM([$F, $G]) if $F > 500 else $G"),
        ("Numeric", "if $F > 500:\n  return SUM([$F, $G])\nelse:\n  return 0"),
        ("Numeric", "$R.F + $G"),
        ("Numeric", "$R.R.F"),
        ("Date", "$D + datetime.timedelta(days=30)"),
        ("Date", "from datetime import timedelta\n$D - timedelta(weeks=1)"),
        ("Date", "DATEADD($D, months=1)"),
        ("Date", "DATEADD($D, 1, 2)"),
        ("Int", "YEAR($D) * 100 + $D.month"),
        ("Text", "'%s %s' % ($T, $C)"),
        ("Text", "f'{$T} {$I}'"),
        ("Text", "$T + ' ' + $C"),
        ("Any", "IF($F > 500, 'hi', 'lo')"),
        ("Int", "import re\nint(re.match(r'([A-Z]+)-(\\d+)', $T).group(2))"),
        ("Bool", "$C == 'done' and len($T) > 3"),
    ];
    for (target, source) in cases {
        document.tables.borrow_mut()[0].columns[10].column_type = ColumnType::parse(target);
        let place = Place { table, col: document.column(table, "Result").unwrap() };
        assert!(compile(source, place, &document).vector().is_some(), "{source}");
    }
}
