//! The running simulator and what a test can do with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::customer::CustomerHandle;
use crate::faults::Fault;
use crate::recorder::RecordedRequest;
use crate::server;
use crate::shared::Shared;
use crate::webhooks::envelope::Item;
use crate::webhooks::outbox::{self, Delivery, FlushOrder, Update};
use crate::webhooks::{delivery, handshake};
use crate::world::{SentMessage, World};

/// Why the simulator could not start.
#[derive(Debug, thiserror::Error)]
#[error(
    "the simulator cannot listen on {address}: {source}. Choose another port, or port 0 for any free one"
)]
pub struct StartError {
    address: SocketAddr,
    source: std::io::Error,
}

/// Why a callback was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the callback {url} failed its verification: {why}. It has to answer GET with status 200 and the value of hub.challenge as the whole body when hub.verify_token is right"
)]
pub struct CallbackError {
    /// The callback.
    pub url: String,
    /// What was wrong with its answer.
    pub why: String,
}

/// What a simulator starts with.
#[derive(Debug)]
pub struct SimulatorBuilder {
    world: World,
    clock: Clock,
    address: SocketAddr,
}

impl SimulatorBuilder {
    /// The world behind the API; [`World::demo`] when not called.
    #[must_use]
    pub fn world(mut self, world: World) -> Self {
        self.world = world;
        self
    }

    /// The clock; a manual one when not called.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The port on 127.0.0.1; any free one when not called.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    /// The whole address to listen on. The control interface has no password: think before you leave the loopback interface.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Starts the server and the webhook task. Needs a running Tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(self) -> Result<Simulator, StartError> {
        let failed = |source| StartError {
            address: self.address,
            source,
        };
        let listener = TcpListener::bind(self.address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared = Arc::new(Shared::new(
            self.world,
            self.clock,
            format!("http://{address}"),
        ));
        let tasks = vec![
            tokio::spawn(server::run(listener, Arc::clone(&shared))),
            tokio::spawn(delivery::run(Arc::clone(&shared))),
        ];
        tracing::info!(%address, "the Graph API simulator is listening");
        Ok(Simulator {
            shared,
            address,
            tasks,
        })
    }
}

/// A running simulator; dropping it stops it.
#[derive(Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// A simulator of [`World::demo`] with a manual clock on a free port of 127.0.0.1.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder {
            world: World::demo(),
            clock: Clock::default(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }

    /// `http://127.0.0.1:PORT`, to be used in the place of `https://graph.facebook.com`.
    pub fn url(&self) -> &str {
        &self.shared.base_url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Reads or changes the world. Do not hold on to it: the server waits meanwhile.
    pub fn world<T>(&self, with: impl FnOnce(&mut World) -> T) -> T {
        let done = with(&mut self.shared.world());
        self.shared.queued.notify_one();
        done
    }

    /// Moves the clock and delivers every webhook that became due.
    pub async fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
        self.settle().await;
    }

    /// Delivers every webhook that is due by now and waits for the answers.
    pub async fn settle(&self) {
        delivery::deliver_due(&self.shared).await;
    }

    /// Sets a fault; several can wait at the same time.
    pub fn inject(&self, fault: Fault) {
        self.shared.faults().add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// The faults that still wait.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.faults().list().to_vec()
    }

    /// The Graph requests so far (the last 10,000), oldest first, without secrets.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.recorder().requests.iter().cloned().collect()
    }

    /// Forgets the recorded requests.
    pub fn clear_requests(&self) {
        self.shared.recorder().requests.clear();
    }

    /// Every message that was accepted so far, oldest first.
    pub fn messages(&self) -> Vec<SentMessage> {
        self.shared.world().messages.clone()
    }

    /// The message with this id.
    pub fn message(&self, id: &str) -> Option<SentMessage> {
        self.shared.world().message(id).cloned()
    }

    /// A customer, by wa_id or business-scoped user id, to write to the business in their name.
    pub fn customer(&self, id: impl Into<String>) -> CustomerHandle {
        CustomerHandle::new(Arc::clone(&self.shared), id.into())
    }

    /// Sets the app's callback after the handshake that Meta makes.
    ///
    /// # Errors
    /// When the callback does not echo the challenge; the old callback then stays.
    pub async fn set_callback(&self, url: &str, verify_token: &str) -> Result<(), CallbackError> {
        self.verify_callback(url, verify_token).await?;
        self.world(|world| {
            world.app.callback_url = Some(url.to_owned());
            world.app.verify_token = Some(verify_token.to_owned());
        });
        Ok(())
    }

    /// Makes the handshake only: GET with hub.mode, hub.challenge and hub.verify_token.
    ///
    /// # Errors
    /// When the answer is not 200 with the challenge as its body.
    pub async fn verify_callback(
        &self,
        url: &str,
        verify_token: &str,
    ) -> Result<(), CallbackError> {
        let challenge = self.shared.world().ids.challenge();
        handshake::verify(&self.shared.poster, url, verify_token, &challenge)
            .await
            .map_err(|why| CallbackError {
                url: url.to_owned(),
                why,
            })
    }

    /// Sends a webhook of any field, such as `message_template_status_update`; `value` is used as it is.
    pub fn send_webhook(&self, waba_id: &str, field: &str, value: Value) {
        let now_ms = self.shared.clock.now_ms();
        self.world(|world| {
            let item = Item::whole(waba_id.to_owned(), field.to_owned(), value);
            world.outbox.schedule(now_ms, Update::Item(item));
        });
    }

    /// Webhook POSTs so far with their attempts, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared.world().outbox.deliveries.clone()
    }

    /// Posts a delivery again, the last one when `id` is `None`. Returns the number of the new delivery; `None` when
    /// there is nothing to repeat.
    pub fn redeliver(&self, id: Option<u64>) -> Option<u64> {
        let now_ms = self.shared.clock.now_ms();
        self.world(|world| world.outbox.redeliver(id, now_ms))
    }

    /// Posts each of the next `times` webhooks twice.
    pub fn deliver_twice(&self, times: u32) {
        self.world(|world| world.outbox.deliver_twice(times));
    }

    /// Collects updates from now on instead of posting each.
    pub fn begin_batch(&self) {
        self.world(|world| world.outbox.begin_batch());
    }

    /// Posts what was collected since [`Simulator::begin_batch`] and waits for the answers. Returns how many updates
    /// that were.
    pub async fn flush_batch(&self, order: FlushOrder) -> usize {
        let now_ms = self.shared.clock.now_ms();
        let count = self.world(|world| outbox::flush_batch(world, order, now_ms));
        self.settle().await;
        count
    }

    /// Stops the server and waits until its port is free.
    pub async fn shutdown(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
