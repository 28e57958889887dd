//! A formula as the Python that people may read: `$A` spelled out, the value returned.

use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use crate::compile::source::Source;

/// The lines of the function that a formula stands for, without indentation. A formula that cannot be read becomes the error it raises.
#[must_use]
pub fn python_text(formula: &str) -> String {
    if formula.trim().is_empty() {
        return "return None".to_owned();
    }
    match Source::read(formula) {
        Ok(source) => spelled_out(&source),
        Err(refusal) => {
            let commented: String =
                formula.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect();
            let exception = refusal.exception();
            format!(
                "{commented}raise {}({})",
                exception.name(),
                crate::ops::plain_repr(&exception.message().into())
            )
        }
    }
}

fn spelled_out(source: &Source) -> String {
    let mut places: Vec<(u32, u32, &str)> = source.dollars.iter().map(|at| (*at, *at + 1, "rec.")).collect();
    if let Some(Stmt::Expr(last)) = source.body.last() {
        let start = u32::from(last.start());
        places.push((start, start, "return "));
    }
    places.sort_unstable();
    let mut text = String::with_capacity(source.text.len() + 16);
    let mut done = 0;
    for (start, end, with) in places {
        text.push_str(source.text.get(done as usize..start as usize).unwrap_or(""));
        text.push_str(with);
        done = end;
    }
    text.push_str(source.text.get(done as usize..).unwrap_or(""));
    text.trim_matches(['\n', '\r']).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_as_python() {
        let cases = [
            ("$A + 1", "return rec.A + 1"),
            ("", "return None"),
            ("x = $A\nx * 2 # twice $B", "x = rec.A\nreturn x * 2 # twice $B"),
            ("if $A:\n  return 1\nreturn \"$\"", "if rec.A:\n  return 1\nreturn \"$\""),
            ("1 +", "# 1 +\nraise SyntaxError('invalid syntax')"),
        ];
        for (formula, text) in cases {
            assert_eq!(super::python_text(formula), text, "{formula}");
        }
    }
}
