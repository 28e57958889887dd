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
            (inner, -1_i64..3).prop_map(|(a, places)| format!("round({a}, {places})")),
        ]
    })
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn vector_and_slow_path_agree(
        source in expression(),
        target in prop_oneof![Just("Any"), Just("Numeric"), Just("Int"), Just("Bool")],
        rows in prop::collection::vec((number(), number(), integer(), integer(), truth()), 1..8),
    ) {
        let document = Document::new("UTC");
        let names = ["F", "G", "I", "J", "B"];
        let table = document.add_table(
            "T",
            &[("Result", target), ("F", "Numeric"), ("G", "Numeric"), ("I", "Int"), ("J", "Int"), ("B", "Bool")],
        );
        for (f, g, i, j, b) in &rows {
            let cells: Vec<(&str, CellValue)> = names.iter().copied().zip([f, g, i, j, b].map(Clone::clone)).collect();
            document.add_row(table, &cells);
        }
        let place = Place { table, col: document.column(table, "Result").unwrap() };
        let formula = compile(&source, place, &document);
        prop_assert!(formula.refusal.is_none(), "{:?}", formula.refusal);
        let Some(program) = formula.vector() else { return Ok(()) };
        let columns: Vec<Column> = program
            .inputs()
            .iter()
            .map(|col| {
                let mut column = Column::new(&document.column_type(table, *col));
                for (at, cell) in document.tables.borrow()[0].columns[col.0 as usize].cells.iter().enumerate() {
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
