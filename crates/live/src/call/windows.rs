//! What a window is to show, read from a request (`docs/windows.md`).

use document::{Filter, FilterKind, SortKey, WindowRequest};
use model::RowId;
use model::json::{cell_from_json, rows_from_json};
use serde_json::Value;

use crate::answer::Refusal;

fn wrong(what: &str) -> Refusal {
    Refusal::bad(format!("the request for a window: {what}"))
}

/// Reads a request. Choices for sorting by their order are filled in later: the document knows them; here they are an empty list.
pub(crate) fn request(value: &Value) -> Result<WindowRequest, Refusal> {
    let table = value["tableId"].as_str().ok_or_else(|| wrong("tableId is missing"))?;
    let columns = match &value["columns"] {
        Value::Null => None,
        columns => Some(texts(columns).ok_or_else(|| wrong("columns should be a list of texts"))?),
    };
    let size = |name: &str| value[name].as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    Ok(WindowRequest {
        table: table.to_owned(),
        columns,
        sort: each(&value["sort"], sort_key)?,
        filters: each(&value["filters"], filter)?,
        row_ids: if value["rowIds"].is_null() { None } else { Some(rows(&value["rowIds"])?) },
        keep: if value["keep"].is_null() { Vec::new() } else { rows(&value["keep"])? },
        start: size("start"),
        count: size("count"),
    })
}

fn texts(list: &Value) -> Option<Vec<String>> {
    list.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

fn rows(list: &Value) -> Result<Vec<RowId>, Refusal> {
    rows_from_json(list).map_err(|_| wrong("rowIds and keep should be lists of row ids"))
}

fn each<T>(list: &Value, read: impl Fn(&Value) -> Result<T, Refusal>) -> Result<Vec<T>, Refusal> {
    match list {
        Value::Null => Ok(Vec::new()),
        Value::Array(list) => list.iter().map(read).collect(),
        _ => Err(wrong("sort and filters should be lists")),
    }
}

fn sort_key(key: &Value) -> Result<SortKey, Refusal> {
    let col = key["colId"].as_str().ok_or_else(|| wrong("a sort key needs a colId"))?;
    let is = |name: &str| key[name] == true;
    Ok(SortKey {
        col: col.to_owned(),
        descending: is("desc"),
        empty_last: is("emptyLast"),
        natural: is("naturalSort"),
        choices: is("orderByChoice").then(Vec::new),
    })
}

fn filter(filter: &Value) -> Result<Filter, Refusal> {
    let col = filter["colId"].as_str().ok_or_else(|| wrong("a filter needs a colId"))?;
    let cells = |list: &Value| list.as_array().map(|list| list.iter().map(cell_from_json).collect());
    let kind = if let Some(values) = cells(&filter["included"]) {
        FilterKind::Included(values)
    } else if let Some(values) = cells(&filter["excluded"]) {
        FilterKind::Excluded(values)
    } else if filter.get("min").is_some() || filter.get("max").is_some() {
        FilterKind::Range(filter["min"].as_f64(), filter["max"].as_f64())
    } else {
        return Err(wrong("a filter needs included, excluded, min or max"));
    };
    Ok(Filter { col: col.to_owned(), kind })
}

#[cfg(test)]
mod tests {
    use model::CellValue;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_request() {
        let read = request(&json!({
            "tableId": "People", "columns": ["Name"],
            "sort": [{"colId": "Age", "desc": true, "orderByChoice": true}],
            "filters": [{"colId": "City", "included": ["Rome", ["L", 1]]}, {"colId": "Age", "min": 3, "max": null}],
            "rowIds": [1, 5], "keep": [9], "start": 10, "count": 60
        }))
        .expect("a request");
        assert_eq!((read.table.as_str(), read.start, read.count), ("People", 10, 60));
        assert_eq!(read.sort[0].choices, Some(Vec::new()));
        assert!(read.sort[0].descending && !read.sort[0].natural);
        let list = CellValue::List([CellValue::Int(1)].into());
        assert_eq!(read.filters[0].kind, FilterKind::Included(vec![CellValue::text("Rome"), list]));
        assert_eq!(read.filters[1].kind, FilterKind::Range(Some(3.0), None));
        assert_eq!((read.row_ids, read.keep), (Some(vec![RowId(1), RowId(5)]), vec![RowId(9)]));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            json!(null),
            json!({"tableId": 3}),
            json!({"tableId": "T", "columns": [1]}),
            json!({"tableId": "T", "sort": {}}),
            json!({"tableId": "T", "sort": [{}]}),
            json!({"tableId": "T", "filters": [{"colId": "A"}]}),
            json!({"tableId": "T", "rowIds": ["x"]}),
        ] {
            assert!(request(&bad).is_err(), "{bad}");
        }
    }
}
