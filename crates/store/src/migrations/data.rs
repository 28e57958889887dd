//! What single versions do with the data, in order. Versions that only add tables or columns are not listed: [`super::structure`] does that.

mod columns;
mod early;
mod pages;
mod rules;
mod sections;
mod summaries;

use super::tables::Tables;

type Step = fn(&mut Tables);

/// The versions that have work to do.
const STEPS: &[(i64, Step)] = &[
    (1, early::tab_items),
    (2, early::primary_views),
    (3, early::derived_columns),
    (4, early::tab_positions),
    (7, summaries::link_to_sources),
    (10, columns::display_columns),
    (14, rules::first_rules),
    (15, sections::filters_of_fields),
    (16, columns::visible_columns),
    (17, columns::images_to_attachments),
    (18, early::time_zone),
    (20, pages::pages),
    (23, early::locale),
    (25, sections::filters_table),
    (26, sections::raw_sections),
    (28, columns::attachments_as_json),
    (29, rules::foreign_style_rules),
    (30, sections::raw_sections_of_summaries),
    (31, summaries::rename),
    (34, sections::pinned_filters),
    (35, rules::memos),
    (38, rules::enabled_triggers),
    (40, sections::record_cards),
];

/// Does the steps of all versions above the given one.
pub(super) fn migrate(tables: &mut Tables, version: i64) {
    for (_, step) in STEPS.iter().filter(|(at, _)| *at > version) {
        step(tables);
    }
}
