//! When the operating system asks the service to stop.

use tokio::signal;

/// Waits until the process is asked to stop: by ctrl-C, or by SIGTERM where there is such a thing.
pub async fn asked_to_stop() {
    #[cfg(unix)]
    {
        if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Without a way to be asked, there is nobody to stop for.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
