//! The file made anew, so that what was removed is not among its bytes any more.

use tokio::sync::oneshot;

use super::{Inbox, Refusal, Work, errand::Errand};

impl Inbox {
    /// Makes the file anew; whether that could be done. Deliveries wait meanwhile.
    pub(crate) async fn scrub(&self) -> Result<bool, Refusal> {
        let (reply, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |desk| {
            let scrubbed = desk.store.scrub();
            if let Err(cause) = &scrubbed {
                (desk.say)(&format!("error: {cause}"));
            }
            let _gone = reply.send(scrubbed.is_ok());
        });
        self.send(Work::Run(errand))?;
        answer.await.map_err(|_| Refusal::Failed)
    }
}
