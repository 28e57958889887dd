//! What waits to be told outside: kept with its turn, in order, and not in copies.

use store::{DocFile, Info, Outgoing, Record};

#[test]
fn events_wait_in_the_file_and_only_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("doc.grist");
    let (mut file, _) = DocFile::create(&path).unwrap();
    assert_eq!(file.outgoing_counts().unwrap(), []);
    file.clear_outgoing(None).unwrap();
    let event = |webhook: &str, text: &str| Outgoing { webhook: webhook.into(), payload: text.into() };
    for turn in 0..3 {
        let outgoing = [event("a", &format!("told-a-{turn}")), event("b", &format!("told-b-{turn}"))];
        let info = Info { time_ms: turn, ..Info::default() };
        file.commit(&Record { info, outgoing: &outgoing, ..Record::default() }).unwrap();
    }
    let copy = folder.path().join("copy.grist");
    file.copy_to(&copy).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    assert!(!bytes.windows(7).any(|window| window == b"told-a-"), "a copy tells nobody");
    file.close().unwrap();

    let (mut file, _) = DocFile::open(&path).unwrap();
    assert!(!file.table_ids().unwrap().iter().any(|table| table.contains("Outgoing")));
    let texts = |file: &DocFile, webhook: &str, most: usize| -> (Vec<String>, u64) {
        let (events, all) = file.outgoing(webhook, most).unwrap();
        (events.into_iter().map(|event| event.payload).collect(), all)
    };
    assert_eq!(file.outgoing_counts().unwrap(), [("a".to_owned(), 3), ("b".to_owned(), 3)]);
    assert_eq!(texts(&file, "a", 2), (vec!["told-a-0".into(), "told-a-1".into()], 3));
    let first = file.outgoing("a", 1).unwrap().0[0].clone();
    assert_eq!(first.time_ms, 0);
    file.forget_outgoing("a", first.id).unwrap();
    file.keep_newest_outgoing("b", 1).unwrap();
    assert_eq!(texts(&file, "a", 9), (vec!["told-a-1".into(), "told-a-2".into()], 2));
    assert_eq!(texts(&file, "b", 9), (vec!["told-b-2".into()], 1));
    file.clear_outgoing(Some("a")).unwrap();
    assert_eq!(file.outgoing_counts().unwrap(), [("b".to_owned(), 1)]);
    // Numbers are not used twice.
    file.clear_outgoing(None).unwrap();
    let outgoing = [event("b", "more")];
    file.commit(&Record { outgoing: &outgoing, ..Record::default() }).unwrap();
    assert!(file.outgoing("b", 1).unwrap().0[0].id > 6);
}
