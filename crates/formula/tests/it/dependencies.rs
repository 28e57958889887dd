//! What formulas say they read.

use crate::document::Document;
use formula::{ColIx, Place, Schema, Step, compile};

/// Dependencies as text: `T.A`, `T.A via R`, `U.N via lookup0`, `T.A of any row`.
fn shown(document: &Document, source: &str) -> String {
    let table = document.table("T").unwrap();
    let formula = compile(source, Place { table, col: ColIx(0) }, document);
    assert!(formula.refusal.is_none(), "{source}: {:?}", formula.refusal);
    let mut lines: Vec<String> = formula
        .dependencies
        .iter()
        .map(|dependency| {
            let mut line = format!(
                "{}.{}",
                document.table_id(dependency.table),
                document.column_id(dependency.table, dependency.col)
            );
            for step in &dependency.steps {
                line.push(' ');
                line.push_str(&match step {
                    Step::Ref(table, col) => format!("via {}", document.column_id(*table, *col)),
                    Step::Lookup(at) => format!("found{at}"),
                    Step::LookupKey(at) => format!("key{at}"),
                    Step::All => "any".to_owned(),
                });
            }
            line
        })
        .collect();
    lines.sort();
    if formula.opaque {
        lines.push("opaque".to_owned());
    }
    lines.join(", ")
}

#[test]
fn reads_are_known_without_evaluating() {
    let document = Document::new("UTC");
    document.add_table(
        "T",
        &[
            ("A", "Numeric"),
            ("R", "Ref:U"),
            ("L", "RefList:U"),
            ("X", "Any"),
            ("manualSort", "ManualSortPos"),
        ],
    );
    document
        .add_table("U", &[("N", "Text"), ("T", "Ref:T"), ("S", "Numeric"), ("manualSort", "ManualSortPos")]);
    let cases = [
        ("$A + rec.A", "T.A"),
        ("$id", ""),
        ("$R.N", "T.R, U.N via R"),
        ("$R.T.A", "T.A via R via T, T.R, U.T via R"),
        ("$L.N", "T.L, U.N via L"),
        ("[u.N for u in $L]", "T.L, U.N via L"),
        ("sum(u.S for u in $L if u.T.A)", "T.A via L via T, T.L, U.S via L, U.T via L"),
        ("x = $R\nif $A:\n  x = $L[0]\nreturn x.N", "T.A, T.L, T.R, U.N via L, U.N via R"),
        ("U.lookupOne(N='a').S", "U.N key0, U.S found0"),
        ("U.lookupRecords(T=$id, order_by='-S').N", "U.N found0, U.S key0, U.T key0, U.manualSort key0"),
        ("U.all.S", "U.S any"),
        ("max(U.all, key=lambda u: u.S).N", "U.N any, U.S any"),
        ("$X.N", "T.X, U.N any"),
        ("def f(r):\n  return r.S\nreturn f($R)", "T.R, U.S any"),
        ("l = []\nfor u in $L:\n  l.append(u)\nreturn l[0].N", "T.L, U.N any"),
        ("PEEK($A) + PEEK(PREVIOUS(rec, order_by='A').A)", ""),
        ("PREVIOUS(rec, order_by='A').A", "T.A, T.A found0, T.A key0, T.manualSort, T.manualSort key0"),
        ("getattr($R, 'N')", "T.R, U.N via R"),
        ("getattr($R, 'N' + '')", "T.R, opaque"),
        ("U.lookupOne(**{'N': 1})", "opaque"),
        ("'{0.N}'.format($R)", "T.R, opaque"),
        ("'{}'.format($R)", "T.R"),
    ];
    let mut wrong = Vec::new();
    for (source, wanted) in cases {
        let got = shown(&document, source);
        if got != wanted {
            wrong.push(format!("{source:?}\n     got {got}\n  wanted {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
