//! Tables as text: a line for each row, cells as people see them, with commas, tabs, or something else between.

use super::download::Header;
use super::export_table::Export;
use super::stream::Sink;

/// A kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// The ending of the file.
    pub(crate) ending: &'static str,
    /// Its type.
    pub(crate) content_type: &'static str,
    delimiter: &'static str,
}

/// Commas.
pub(crate) const CSV: Form = Form { ending: "csv", content_type: "text/csv; charset=utf-8", delimiter: "," };
/// Tabs.
pub(crate) const TSV: Form =
    Form { ending: "tsv", content_type: "text/tab-separated-values; charset=utf-8", delimiter: "\t" };
/// A character that nobody has in their cells.
pub(crate) const DSV: Form = Form {
    ending: "dsv",
    content_type: "text/x-doo-separated-values; charset=utf-8",
    delimiter: "\u{1f4a9}",
};

/// Writes the heads of the columns and all rows.
pub(crate) fn write(sink: &mut Sink, export: &Export, header: Header, form: Form) {
    let mut line = String::new();
    for (at, name) in header.names(&export.plan).into_iter().enumerate() {
        push(&mut line, at, name, form);
    }
    end(sink, &mut line);
    for row in &export.rows {
        for at in 0..export.plan.columns.len() {
            push(&mut line, at, &export.text(at, *row, ", "), form);
        }
        if !end(sink, &mut line) {
            return;
        }
    }
}

fn push(line: &mut String, at: usize, text: &str, form: Form) {
    if at > 0 {
        line.push_str(form.delimiter);
    }
    if text.contains(form.delimiter) || text.contains(['"', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}

fn end(sink: &mut Sink, line: &mut String) -> bool {
    line.push('\n');
    sink.bytes().extend_from_slice(line.as_bytes());
    line.clear();
    sink.flow()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_needed() {
        let cases = [
            (CSV, "plain", "plain"),
            (CSV, "Ann \"A\", Ltd", "\"Ann \"\"A\"\", Ltd\""),
            (CSV, "two\nlines", "\"two\nlines\""),
            (TSV, "a, b", "a, b"),
            (TSV, "a\tb", "\"a\tb\""),
            (DSV, "a,\tb", "a,\tb"),
        ];
        for (form, text, expected) in cases {
            let mut line = String::new();
            push(&mut line, 0, text, form);
            assert_eq!(line, expected, "{text}");
        }
    }
}
