//! Grist's `lookup` family. The lookups themselves are methods of tables.

use super::operate::not_implemented;
use crate::call::Call;
use crate::exception::{self, Exception};
use crate::native::Native;
use crate::ops::lookup::Contains;
use crate::ops::truth;
use crate::value::Value;

/// The family's functions.
pub static FUNCTIONS: &[Native] = &[
    Native::function(
        "ADDRESS",
        "row, column, absolute_relative_mode, use_a1_notation, sheet",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function("CHOOSE", "index, choice1, choice2", "Not implemented in Grist.", not_implemented),
    Native::function("COLUMN", "cell_reference=None", "Not implemented in Grist.", not_implemented),
    Native::function("COLUMNS", "range", "Not implemented in Grist.", not_implemented),
    Native::function(
        "CONTAINS",
        "value, match_empty=None",
        "In a lookup: the cell is a list that holds the value.",
        |call| Ok(Value::object(Contains { value: call.arg(0).clone(), match_empty: call.get(1).cloned() })),
    ),
    Native::function(
        "GETPIVOTDATA",
        "value_name, any_pivot_table_cell, original_column_1, pivot_item_1=None, *args",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function(
        "HLOOKUP",
        "search_key, range, index, is_sorted",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function("HYPERLINK", "url, link_label", "Not implemented in Grist.", not_implemented),
    Native::function("INDEX", "reference, row, column", "Not implemented in Grist.", not_implemented),
    Native::function("INDIRECT", "cell_reference_as_string", "Not implemented in Grist.", not_implemented),
    Native::function(
        "LOOKUP",
        "search_key, search_range_or_search_result_array, result_range=None",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function("MATCH", "search_key, range, search_type", "Not implemented in Grist.", not_implemented),
    Native::function(
        "OFFSET",
        "cell_reference, offset_rows, offset_columns, height, width",
        "Not implemented in Grist.",
        not_implemented,
    ),
    Native::function("ROW", "cell_reference", "Not implemented in Grist.", not_implemented),
    Native::function("ROWS", "range", "Not implemented in Grist.", not_implemented),
    Native::function(
        "SELF_HYPERLINK",
        "label=None, page=None, **kwargs",
        "A link to the document.",
        self_hyperlink,
    ),
    Native::function("VLOOKUP", "table, **field_value_pairs", "A record with the given values.", |call| {
        let (table, named) = (call.arg(0).clone(), call.named().to_vec());
        call.context.call_method(&table, "lookupOne", &[], &named)
    }),
];

/// `label url/p/page?Name_=value`.
fn self_hyperlink(call: &mut Call<'_, '_>) -> Result<Value, Exception> {
    let Some(url) = call.context.host.document_url().map(ToOwned::to_owned) else { return Ok(Value::None) };
    let mut link = url;
    if let Some(page) = call.some(1).cloned() {
        link.push_str("/p/");
        link.push_str(&call.context.text(&page)?);
    }
    let named = call.named().to_vec();
    for (at, (name, value)) in named.iter().enumerate() {
        let Some(key) = name.strip_prefix("LinkKey_").filter(|key| !key.is_empty()) else {
            return Err(exception::type_error(format!(
                "unexpected keyword argument '{name}' (not of form LinkKey_NAME)"
            )));
        };
        link.push(if at == 0 { '?' } else { '&' });
        let value = call.context.text(value)?;
        link.push_str(&quote_plus(&format!("{key}_")));
        link.push('=');
        link.push_str(&quote_plus(&value));
    }
    match call.some(0).cloned() {
        Some(label) if truth(&label) => {
            let label = call.context.text(&label)?;
            Ok(Value::from(format!("{label} {link}")))
        }
        _ => Ok(Value::from(link)),
    }
}

/// Text for a query, with `+` for blanks.
fn quote_plus(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
