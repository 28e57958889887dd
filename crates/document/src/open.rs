//! Opening a document: its file, its schema, and no cell before it is needed.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use actions::UserAction;
use engine::{Engine, Loaded, Moment, Source};
use model::{CellValue, ColId, ColumnType, TableId};
use store::{DocFile, Info, OpenReport, Record};

use crate::documents::Options;
use crate::error::DocumentError;
use crate::handle::Seat;
use crate::state::Document;

/// Cells that are still in the file only.
struct FileSource(Rc<RefCell<DocFile>>);

impl Source for FileSource {
    fn load(&mut self, table: &TableId, columns: &[(ColId, ColumnType)]) -> Result<Loaded, String> {
        let (rows, columns) = self.0.borrow().columns(table, columns).map_err(|error| error.to_string())?;
        Ok(Loaded { rows, columns })
    }
}

impl Document {
    /// Opens the file and reads its metadata. Stored results of formulas are trusted: only what depends on the time is computed, and everything if the
    /// file is so old that it has no results.
    pub(crate) fn open(
        id: &str,
        path: &Path,
        options: &Options,
        seat: Arc<Seat>,
    ) -> Result<Self, DocumentError> {
        let (file, report) = DocFile::open(path)?;
        let file = Rc::new(RefCell::new(file));
        let mut engine = read_schema(&file)?;
        let url = options.url.as_ref().map(|url| url.replace("{id}", id));
        if !report.lacks_results {
            engine.trust_results();
        }
        let mut document = Self::new(engine, file, (options.now, url), seat, warning(&report));
        document.refresh(report.lacks_results)?;
        document.read_rules();
        document.tell_waiting();
        Ok(document)
    }

    /// Computes what is not as stored. Changes are kept in the file, but are nobody's turn.
    fn refresh(&mut self, everything: bool) -> Result<(), DocumentError> {
        let moment = self.moment(None);
        let mut turn = self.engine.begin(moment);
        if everything {
            turn.invalidate_all();
        }
        actions::apply_user_actions(
            &mut turn,
            &[UserAction { name: "UpdateCurrentTime".into(), arguments: Vec::new() }],
        )?;
        let outcome = turn.commit();
        if !outcome.stored.is_empty() {
            self.file.borrow_mut().apply_unrecorded(&outcome.stored)?;
        }
        Ok(())
    }

    /// After a fault of ours: what is in memory may be wrong, what is on disk is right. Everybody comes again to a document read anew.
    pub(crate) fn recover(&mut self) {
        self.shut_down(false);
        match read_schema(&self.file) {
            Ok(mut engine) => {
                engine.trust_results();
                self.engine = engine;
                self.read_rules();
            }
            Err(error) => tracing::error!(%error, "a document could not be read again"),
        }
    }
}

/// Reads the metadata tables and declares the others.
fn read_schema(file: &Rc<RefCell<DocFile>>) -> Result<Engine, DocumentError> {
    let mut engine = Engine::new();
    engine.declare_metadata();
    {
        let file = file.borrow();
        for id in file.table_ids()?.iter().filter(|id| id.is_metadata()) {
            if engine.table_ix(id).is_some() {
                engine.fill(file.table(id)?)?;
            }
        }
    }
    engine.set_source(Box::new(FileSource(Rc::clone(file))));
    engine.declare_user_tables(true);
    Ok(engine)
}

fn warning(report: &OpenReport) -> Option<String> {
    report.newer.then(|| {
        format!(
            "this document was made by a newer program (version {} of its form, {} is known here); it is used as it is",
            report.schema_version,
            model::schema::SCHEMA_VERSION
        )
    })
}

/// How a new document begins.
#[derive(Clone, Debug, Default)]
pub struct NewDocument {
    /// Time zone, such as `Europe/Paris`; empty is UTC.
    pub zone: String,
    /// Locale, such as `fr-FR`; empty is `en-US`.
    pub locale: String,
    /// The present: UTC seconds since 1970.
    pub now: f64,
    /// Without any table, for those who bring their own.
    pub bare: bool,
}

/// Makes a document with one empty table, as Grist does, or without.
///
/// # Errors
/// When the file cannot be written, or there is one already.
pub fn create(path: &Path, new: &NewDocument) -> Result<(), DocumentError> {
    let (mut file, _) = DocFile::create(path)?;
    let made = first_turn(&mut file, new);
    file.close()?;
    made
}

fn first_turn(file: &mut DocFile, new: &NewDocument) -> Result<(), DocumentError> {
    let mut engine = Engine::new();
    engine.declare_metadata();
    let zone = if new.zone.is_empty() { "UTC" } else { &new.zone };
    let locale = if new.locale.is_empty() { "en-US" } else { &new.locale };
    let moment =
        Moment { now: new.now, zone: zone.to_owned(), locale: locale.to_owned(), ..Moment::default() };
    let mut turn = engine.begin(moment);
    let action = |name: &str, arguments| UserAction { name: name.to_owned(), arguments };
    let settings = serde_json::json!({"locale": locale, "engine": "python3"}).to_string();
    let update = [("timezone", zone), ("documentSettings", settings.as_str())];
    let update = update.into_iter().map(|(col, text)| (col.into(), CellValue::text(text))).collect();
    let mut actions = vec![
        action("InitNewDoc", Vec::new()),
        action(
            "UpdateRecord",
            vec![CellValue::text("_grist_DocInfo"), CellValue::Int(1), CellValue::Dict(update)],
        ),
    ];
    if !new.bare {
        actions.push(action("AddEmptyTable", vec![CellValue::Null]));
    }
    actions::apply_user_actions(&mut turn, &actions)?;
    let outcome = turn.commit();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    let info = Info { time_ms: (new.now * 1000.0) as i64, user: "grist".to_owned(), ..Info::default() };
    file.commit(&Record { stored: &outcome.stored, undo: &outcome.undo, info, ..Record::default() })?;
    Ok(())
}
