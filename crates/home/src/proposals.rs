//! What people suggest for documents in forks of them.

use crate::database::Home;
use crate::documents::{self, Document};
use crate::error::HomeError;
use crate::ids::now;
use crate::row::Row;

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalStatus {
    /// Nothing yet.
    Open,
    /// It was taken over.
    Applied,
    /// Who made it takes it back.
    Retracted,
    /// The owners do not want it.
    Dismissed,
}

impl ProposalStatus {
    /// The word for it; empty for an open one.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Applied => "applied",
            Self::Retracted => "retracted",
            Self::Dismissed => "dismissed",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "applied" => Self::Applied,
            "retracted" => Self::Retracted,
            "dismissed" => Self::Dismissed,
            _ => Self::Open,
        }
    }
}

/// Something suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its number in the document that it is for.
    pub short_id: i64,
    /// What it changes: JSON.
    pub comparison: String,
    /// What became of it.
    pub status: ProposalStatus,
    /// In milliseconds, as all instants.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// When it was taken over.
    pub applied_at: Option<i64>,
    /// The document that it is for.
    pub destination: String,
    /// The fork, as an entry: its id is the fork's own.
    pub source: Document,
}

const COLUMNS: &str = "proposal.short_id, proposal.comparison, proposal.status, proposal.created_at, proposal.updated_at, \
    proposal.applied_at, proposal.dest_doc_id";

fn read(row: &Row) -> Result<Proposal, HomeError> {
    Ok(Proposal {
        short_id: row.get(0)?,
        comparison: row.get(1)?,
        status: ProposalStatus::of(&row.get::<String>(2)?),
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
        applied_at: row.get(5)?,
        destination: row.get(6)?,
        source: Document::read(row, 7)?,
    })
}

fn select(condition: &str) -> String {
    let document = documents::COLUMNS;
    format!(
        "SELECT {COLUMNS}, {document} FROM proposal JOIN doc ON doc.id = proposal.src_doc_id WHERE {condition} ORDER BY proposal.short_id DESC"
    )
}

impl Home {
    /// Suggests what a fork holds; again, if it did so before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn propose(
        &self,
        source: &str,
        destination: &str,
        comparison: &str,
        is_retracted: bool,
    ) -> Result<Proposal, HomeError> {
        let status = if is_retracted { ProposalStatus::Retracted } else { ProposalStatus::Open };
        let sql = "INSERT INTO proposal (src_doc_id, dest_doc_id, short_id, comparison, status, created_at, updated_at) \
                   VALUES ($1, $2, (SELECT COALESCE(MAX(short_id), 0) + 1 FROM proposal WHERE dest_doc_id = $2), $3, $4, $5, $5) \
                   ON CONFLICT (src_doc_id, dest_doc_id) DO UPDATE SET comparison = $3, status = $4, updated_at = $5";
        let parameters =
            [source.into(), destination.into(), comparison.into(), status.word().into(), now().into()];
        self.execute(sql, &parameters).await?;
        let sql = select("proposal.src_doc_id = $1 AND proposal.dest_doc_id = $2");
        let row = self.one(&sql, &[source.into(), destination.into()]).await?;
        row.as_ref().map_or_else(|| Err(HomeError::NotFound("proposal")), read)
    }

    /// What is suggested for a document, the newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn proposals_for(&self, destination: &str) -> Result<Vec<Proposal>, HomeError> {
        let rows = self.query(&select("proposal.dest_doc_id = $1"), &[destination.into()]).await?;
        rows.iter().map(read).collect()
    }

    /// What a fork suggests.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn proposals_of(&self, source: &str) -> Result<Vec<Proposal>, HomeError> {
        let rows = self.query(&select("proposal.src_doc_id = $1"), &[source.into()]).await?;
        rows.iter().map(read).collect()
    }

    /// The proposal of that number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn proposal(&self, destination: &str, short_id: i64) -> Result<Option<Proposal>, HomeError> {
        let sql = select("proposal.dest_doc_id = $1 AND proposal.short_id = $2");
        let row = self.one(&sql, &[destination.into(), short_id.into()]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Notes what became of a proposal.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_proposal_status(
        &self,
        destination: &str,
        short_id: i64,
        status: ProposalStatus,
    ) -> Result<(), HomeError> {
        let sql = "UPDATE proposal SET status = $3, updated_at = $4, applied_at = CASE WHEN $3 = 'applied' THEN $4 ELSE applied_at END \
                   WHERE dest_doc_id = $1 AND short_id = $2";
        let parameters = [destination.into(), short_id.into(), status.word().into(), now().into()];
        self.execute(sql, &parameters).await.map(drop)
    }
}
