//! The task that keeps the connection: brings it up, beats, tells, listens, and notices when it is dead.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, PushInfo, PushKind, RedisResult, Value};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::frame::Frame;
use super::peers::Peers;
use super::{Heard, Shared};

/// How often each instance says that it is there.
const BEAT: Duration = Duration::from_millis(200);
/// Hearing nothing for so long, not even oneself, means that the connection is dead.
const SILENCE: Duration = Duration::from_millis(800);
/// How long connecting may take.
const HANDSHAKE: Duration = Duration::from_secs(1);
/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(200);
/// News that go out in one piece.
const MOST: usize = 64;

/// Why a connection came to its end.
enum End {
    Failed(String),
    /// We are closing.
    Closed,
}

impl Shared {
    /// Keeps the connection until [`close`](Self::close), and says what is heard. To be run once, as a task of its own.
    pub async fn run(self, hear: impl Fn(Heard<'_>) + Send + Sync) {
        let taken = self.0.outbox.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut outgoing) = taken else { return };
        let mut told = false;
        loop {
            let why = match self.connect().await {
                Ok((connection, pushes)) => {
                    tracing::info!(event = "valkey_connected");
                    told = false;
                    let end = self.stay(connection, pushes, &mut outgoing, &hear).await;
                    self.fall(&mut outgoing, &hear);
                    match end {
                        End::Failed(why) => why,
                        End::Closed => return,
                    }
                }
                Err(error) => error.to_string(),
            };
            if self.0.closing.load(Ordering::Acquire) {
                return;
            }
            // Once for each outage: it is tried several times a second.
            if !std::mem::replace(&mut told, true) {
                tracing::warn!(
                    event = "valkey_away",
                    why,
                    "counting limits alone and asking the database who callers are, until it is back"
                );
            }
            sleep(PAUSE).await;
        }
    }

    async fn connect(&self) -> RedisResult<(MultiplexedConnection, UnboundedReceiver<PushInfo>)> {
        let (push, pushes) = mpsc::unbounded_channel();
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(HANDSHAKE))
            .set_response_timeout(Some(HANDSHAKE))
            .set_push_sender(push);
        let mut connection = self.0.client.get_multiplexed_async_connection_with_config(&config).await?;
        connection.subscribe(self.channel()).await?;
        Ok((connection, pushes))
    }

    fn channel(&self) -> String {
        format!("{}:news", self.prefix())
    }

    /// Everything between coming up and falling.
    async fn stay(
        &self,
        connection: MultiplexedConnection,
        pushes: UnboundedReceiver<PushInfo>,
        outgoing: &mut UnboundedReceiver<Vec<u8>>,
        hear: &(impl Fn(Heard<'_>) + Send + Sync),
    ) -> End {
        // What was missed before the subscription held is not known, so nothing kept is good. Only then is it trusted.
        hear(Heard::Everything);
        self.0.put(Some(connection.clone()));
        self.0.answering.store(true, Ordering::Release);
        self.0.counts.connections.fetch_add(1, Ordering::Relaxed);
        hear(Heard::Certain(true));
        tokio::select! {
            end = self.talk(connection, outgoing) => end,
            why = self.listen(pushes, hear) => End::Failed(why),
        }
    }

    /// Nothing is heard any more.
    fn fall(&self, outgoing: &mut UnboundedReceiver<Vec<u8>>, hear: &(impl Fn(Heard<'_>) + Send + Sync)) {
        let inner = &self.0;
        inner.answering.store(false, Ordering::Release);
        inner.put(None);
        hear(Heard::Certain(false));
        while outgoing.try_recv().is_ok() {}
        // What was on its way may not have arrived.
        inner.lost.store(true, Ordering::Release);
        // Whoever waits for it waits in vain.
        inner.done.send_replace(inner.queued.load(Ordering::Acquire));
    }

    /// Sends beats and news.
    async fn talk(&self, mut connection: MultiplexedConnection, outgoing: &mut UnboundedReceiver<Vec<u8>>) -> End {
        let inner = &self.0;
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut frames = Vec::new();
        loop {
            let news = tokio::select! {
                count = outgoing.recv_many(&mut frames, MOST) => count,
                _ = beats.tick() => 0,
                () = inner.nudge.notified() => 0,
            };
            if inner.lost.swap(false, Ordering::AcqRel) {
                frames.push(Frame::Everything.write(inner.me));
            }
            let closing = news == 0 && outgoing.is_empty() && inner.closing.load(Ordering::Acquire);
            if closing {
                frames.push(Frame::Farewell.write(inner.me));
            } else if frames.is_empty() {
                frames.push(Frame::Beat.write(inner.me));
            }
            if let Err(why) = self.publish(&mut connection, &frames).await {
                return End::Failed(why);
            }
            frames.clear();
            inner.counts.sent.fetch_add(news as u64, Ordering::Relaxed);
            inner.done.send_modify(|done| *done += news as u64);
            inner.answering.store(true, Ordering::Release);
            if closing {
                return End::Closed;
            }
        }
    }

    async fn publish(&self, connection: &mut MultiplexedConnection, frames: &[Vec<u8>]) -> Result<(), String> {
        let channel = self.channel();
        let mut pipeline = redis::pipe();
        for frame in frames {
            pipeline.cmd("PUBLISH").arg(&channel).arg(frame).ignore();
        }
        match timeout(SILENCE, pipeline.exec_async(connection)).await {
            Ok(outcome) => outcome.map_err(|error| error.to_string()),
            Err(_) => Err("it does not answer".to_owned()),
        }
    }

    /// Takes what all instances say, this one included, until nothing comes any more. Returns why that is.
    async fn listen(
        &self,
        mut pushes: UnboundedReceiver<PushInfo>,
        hear: &(impl Fn(Heard<'_>) + Send + Sync),
    ) -> String {
        let mut last = self.0.clock.elapsed();
        let (mut peers, mut certain) = (Peers::default(), true);
        loop {
            let push = timeout(BEAT, pushes.recv()).await;
            let now = self.0.clock.elapsed();
            match push {
                Ok(None) => return "the connection is closed".to_owned(),
                Ok(Some(push)) if push.kind == PushKind::Disconnection => return "the connection broke".to_owned(),
                Ok(Some(push)) if push.kind == PushKind::Message => {
                    last = now;
                    self.take(&push, &mut peers, now, hear);
                }
                Ok(Some(_)) | Err(_) => {}
            }
            if now.saturating_sub(last) > SILENCE {
                return "nothing is heard any more".to_owned();
            }
            let heard = peers.are_heard(now, SILENCE);
            if heard != certain {
                certain = heard;
                if !certain {
                    tracing::warn!(
                        event = "instance_silent",
                        "another instance is silent: it may change what is kept here"
                    );
                }
                hear(Heard::Everything);
                hear(Heard::Certain(certain));
            }
        }
    }

    fn take(&self, push: &PushInfo, peers: &mut Peers, now: Duration, hear: &(impl Fn(Heard<'_>) + Send + Sync)) {
        // A message's data are its channel and its content.
        let Some(Value::BulkString(bytes)) = push.data.get(1) else { return };
        let (from, frame) = Frame::read(bytes);
        if from == self.0.me {
            return;
        }
        if frame == Frame::Farewell {
            return peers.left(from);
        }
        peers.heard(from, now);
        match frame {
            Frame::News(news) => hear(Heard::News(news)),
            Frame::Everything => hear(Heard::Everything),
            Frame::Beat | Frame::Farewell => return,
        }
        self.0.counts.heard.fetch_add(1, Ordering::Relaxed);
    }
}
