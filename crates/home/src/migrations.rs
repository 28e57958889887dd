//! Numbered changes of the schema, each applied once.

use crate::database::Home;
use crate::error::HomeError;

const MIGRATIONS: &[&str] = &[
    include_str!("../sql/0001-first.sql"),
    include_str!("../sql/0002-service-accounts.sql"),
    include_str!("../sql/0003-secret.sql"),
    include_str!("../sql/0004-proposal.sql"),
];

/// Applies what the database lacks. Several processes may try at once: each migration is one transaction, and the writer's lock is taken before looking.
pub(crate) async fn migrate(home: &Home) -> Result<(), HomeError> {
    let mut transaction = home.transaction().await?;
    transaction.batch("CREATE TABLE IF NOT EXISTS migration (version BIGINT PRIMARY KEY)")?;
    let row = transaction.one("SELECT COALESCE(MAX(version), 0) FROM migration", &[]).await?;
    let found: i64 = row.unwrap_or_default().get(0)?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(HomeError::Newer { found, known });
    }
    for (version, sql) in (1..).zip(MIGRATIONS) {
        if version > found {
            transaction.batch(&sql.replace("{id}", serial(home)))?;
            transaction.execute("INSERT INTO migration (version) VALUES ($1)", &[version.into()]).await?;
        }
    }
    transaction.commit().await
}

/// The type of a number that the database hands out; none is handed out twice.
const fn serial(home: &Home) -> &'static str {
    match home {
        Home::Sqlite(_) => "INTEGER PRIMARY KEY AUTOINCREMENT",
    }
}
