//! `moulin serve`: the server, until it is told to end.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use api::Server;
use axum::Router;
use axum::serve::ListenerExt;
use document::{Documents, Options};
use home::Home;
use live::{Live, Rooms};
use login::{Login, Throttle};
use settings::Settings;
use tokio::net::TcpListener;
use tokio::signal;
use tokio::sync::{mpsc, oneshot};

/// How long requests under way may take once the server is told to end.
const GRACE: Duration = Duration::from_secs(3);

/// The options of `moulin serve`; what is not given comes from the environment.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where everything is kept
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen; port 0 picks a free one
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
}

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// When a setting is wrong, the data cannot be used, or the address cannot be listened at.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let settings = settings(arguments.data.clone())?;
    let listen = match &arguments.listen {
        Some(listen) => listen.clone(),
        None => format!("{}:{}", settings.host, settings.port),
    };
    log(&settings);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(settings, &listen))
}

/// The settings of the environment, with the data directory that was given.
///
/// # Errors
/// When a setting is wrong.
pub(crate) fn settings(data: Option<PathBuf>) -> Result<Settings> {
    let data = data.map(|data| data.to_string_lossy().into_owned());
    let variable = |name: &str| match &data {
        Some(data) if name == "MOULIN_DATA_DIR" => Some(data.clone()),
        _ => std::env::var(name).ok(),
    };
    Ok(Settings::from_variables(&variable)?)
}

fn log(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::new(&settings.log_level);
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Opens the home database in the data directory, which is made if need be.
///
/// # Errors
/// When the directory or the database cannot be used.
pub(crate) async fn open_home(settings: &Settings) -> Result<Home> {
    let data = &settings.data_dir;
    std::fs::create_dir_all(data.join("docs")).with_context(|| format!("cannot make {}", data.display()))?;
    Home::open(&data.join("home.sqlite3")).await.with_context(|| format!("cannot use {}", data.display()))
}

async fn serve(settings: Settings, listen: &str) -> Result<()> {
    let settings = Arc::new(settings);
    let home = open_home(&settings).await?;
    let login = Login::new(home.clone(), Arc::clone(&settings)).await?;
    let (changed, changes) = mpsc::unbounded_channel();
    let (outgoing, news) = mpsc::unbounded_channel();
    let documents =
        Documents::new(Options { changed: Some(changed), outgoing: Some(outgoing), ..Options::default() });
    let outbox = api::outbox(&settings, &home, &documents)?;
    let throttle = Throttle::new(settings.max_parallel_requests);
    let server = Server { settings, home, login, documents: documents.clone(), outbox, throttle };
    let (noted, end_of_changes) = oneshot::channel();
    let noting = tokio::spawn(api::note_changes(server.home.clone(), changes, end_of_changes));
    let keeping = tokio::spawn(api::keep_house(server.clone()));
    let delivering = tokio::spawn(api::deliver(server.clone(), news));
    let outbox = server.outbox.clone();
    let live = Live::new(Rooms {
        home: server.home.clone(),
        login: server.login.clone(),
        documents: server.documents.clone(),
        throttle: server.throttle.clone(),
        folder: server.documents_folder(),
    });
    let router = api::router(&server, Router::new().route(api::LIVE, live.route()));

    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen at {listen}"))?;
    let address = listener.local_addr()?;
    // Whoever started the server may have gone; that is no reason to end.
    let _ = writeln!(std::io::stdout().lock(), "listening on http://{address}");
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!("no immediate sending: {error}");
        }
    });
    let (ended, mut end) = tokio::sync::watch::channel(());
    let stop = async move {
        // The sender going is the sign too.
        let _ = end.changed().await;
    };
    let serving = tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(stop).into_future());
    told_to_end().await?;
    tracing::info!("ending");
    ended.send_replace(());
    // WebSockets do not end by themselves.
    let _ = tokio::time::timeout(GRACE, serving).await;
    keeping.abort();
    delivering.abort();
    outbox.stop_all();
    documents.close_all().await;
    // The last changes are noted too.
    let _ = noted.send(());
    noting.await?;
    Ok(())
}

async fn told_to_end() -> Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            _ = terminate.recv() => {}
            interrupted = signal::ctrl_c() => interrupted?,
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await?;
    Ok(())
}
