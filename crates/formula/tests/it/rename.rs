//! Renames inside formulas.

use crate::document::Document;
use formula::rename::{Renames, rename_in_formula};
use formula::{ColIx, Place, Schema};

#[test]
fn names_are_changed_where_they_mean_the_renamed_thing() {
    let document = Document::new("UTC");
    let people = document.add_table(
        "People",
        &[("name", "Text"), ("addr", "Ref:Address"), ("city", "Any"), ("manualSort", "ManualSortPos")],
    );
    let address = document.add_table("Address", &[("city", "Text"), ("people", "RefList:People")]);
    let mut renames = Renames::default();
    renames.tables.insert(people, "Persons".into());
    renames.columns.insert((address, document.column(address, "city").unwrap()), "ciudad".into());
    renames.columns.insert((people, document.column(people, "name").unwrap()), "n".into());
    let cases = [
        // In People: $city is People's own.
        (people, "$addr.city", Some("$addr.ciudad")),
        (people, "$city", None),
        (people, "rec.addr.city + $name", Some("rec.addr.ciudad + $n")),
        (people, "'$name' + $name  # $name", Some("'$name' + $n  # $name")),
        (people, "x = $addr\nreturn x.city", Some("x = $addr\nreturn x.ciudad")),
        (people, "   a = 1\n   $name", Some("   a = 1\n   $n")),
        (people, "f'{$name} {$addr.city:>5}'", Some("f'{$n} {$addr.ciudad:>5}'")),
        (people, "name = 1\nname + $name", Some("name = 1\nname + $n")),
        (people, "é = 'é'\né + $name", Some("é = 'é'\né + $n")),
        (people, "PREVIOUS(rec, order_by='-name').name", Some("PREVIOUS(rec, order_by='-n').n")),
        // In Address.
        (
            address,
            "People.lookupOne(addr=$id, city=$city).addr.city",
            Some("Persons.lookupOne(addr=$id, city=$ciudad).addr.ciudad"),
        ),
        (
            address,
            "People.lookupRecords(name='x', order_by=('-name', 'addr')).name",
            Some("Persons.lookupRecords(n='x', order_by=('-n', 'addr')).n"),
        ),
        (address, "','.join(x.name for x in People.all)", Some("','.join(x.n for x in Persons.all)")),
        (
            address,
            "sorted(People.all, key=lambda p: p.name)[0].name",
            Some("sorted(Persons.all, key=lambda p: p.n)[0].n"),
        ),
        (
            address,
            "[p.addr.city for p in $people if p.name]",
            Some("[p.addr.ciudad for p in $people if p.n]"),
        ),
        (address, "$people.name", Some("$people.n")),
        (address, "People = 3\nPeople", None),
        (address, "foo.city", None),
        (address, "1 +", None),
        (
            address,
            "class A: pass\nreturn People.lookupOne(name=$city)",
            Some("class A: pass\nreturn Persons.lookupOne(n=$ciudad)"),
        ),
    ];
    for (table, formula, wanted) in cases {
        let place = Place { table, col: ColIx(0) };
        let renamed = rename_in_formula(formula, place, &document, &renames);
        assert_eq!(renamed.as_deref(), wanted, "{formula}");
    }
}
