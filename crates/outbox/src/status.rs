//! How it goes with a webhook, for its owners. In memory only: after a restart there is nothing to tell yet.

/// What a webhook is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing to do.
    #[default]
    Idle,
    /// Calling.
    Sending,
    /// Between two attempts.
    Retrying,
    /// All attempts failed; it will be tried again later.
    Postponed,
    /// Events were given up.
    Error,
}

impl Phase {
    /// As Grist names it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Sending => "sending",
            Self::Retrying => "retrying",
            Self::Postponed => "postponed",
            Self::Error => "error",
        }
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStatus {
    /// The receiver has it.
    Success,
    /// The receiver does not have it yet.
    Failure,
    /// It was given up.
    Rejected,
}

impl BatchStatus {
    /// As Grist names it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Rejected => "rejected",
        }
    }
}

/// The batch that was sent last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastBatch {
    /// How many events.
    pub size: usize,
    /// What went wrong.
    pub error: Option<String>,
    /// What the receiver answered.
    pub http_status: Option<u16>,
    /// What became of it.
    pub status: BatchStatus,
    /// How often it was tried.
    pub attempts: u32,
}

/// How it goes with a webhook. Instants are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// What it is at.
    pub phase: Phase,
    /// When any of this changed.
    pub updated: i64,
    /// When a batch was taken.
    pub last_success: Option<i64>,
    /// When an attempt failed.
    pub last_failure: Option<i64>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// What the receiver answered last.
    pub last_http_status: Option<u16>,
    /// The batch that was sent last.
    pub last_batch: Option<LastBatch>,
}

impl Status {
    pub(crate) fn note_phase(&mut self, phase: Phase, now: i64) {
        self.phase = phase;
        self.updated = now;
        if phase == Phase::Sending
            && let Some(batch) = &mut self.last_batch
        {
            batch.error = None;
        }
    }

    pub(crate) fn note_batch(&mut self, batch: LastBatch, now: i64) {
        self.updated = now;
        match batch.status {
            BatchStatus::Success => self.last_success = Some(now),
            BatchStatus::Failure => self.last_failure = Some(now),
            BatchStatus::Rejected => {}
        }
        if batch.error.is_some() {
            self.last_error.clone_from(&batch.error);
        }
        self.last_http_status = batch.http_status.or(self.last_http_status);
        self.last_batch = Some(batch);
    }
}
