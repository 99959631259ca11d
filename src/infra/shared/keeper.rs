//! The task that keeps the connection: brings it up, beats, tells, listens, and notices when it is dead.

use std::sync::atomic::Ordering;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, PushInfo, PushKind, RedisResult, Value};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::frame::Frame;
use super::{Heard, News, Shared, lock};

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
        let Some(mut outgoing) = lock(&self.0.outbox).take() else { return };
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
        connection.subscribe(&[self.channel(), self.channel_of(self.0.me)]).await?;
        Ok((connection, pushes))
    }

    /// Where everybody listens.
    fn channel(&self) -> String {
        format!("{}:news", self.prefix())
    }

    /// Where one instance listens.
    fn channel_of(&self, who: [u8; 16]) -> String {
        format!("{}:news:{:032x}", self.prefix(), u128::from_be_bytes(who))
    }

    /// Everything between coming up and falling.
    async fn stay(
        &self,
        connection: MultiplexedConnection,
        pushes: UnboundedReceiver<PushInfo>,
        outgoing: &mut UnboundedReceiver<News>,
        hear: &(impl Fn(Heard<'_>) + Send + Sync),
    ) -> End {
        // What was missed before the subscription held is not known, so nothing kept is good. Only then is it trusted.
        hear(Heard::Everything);
        let last = lock(&self.0.outgoing).last;
        self.0.look(|peers| peers.begin(last));
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
    fn fall(&self, outgoing: &mut UnboundedReceiver<News>, hear: &(impl Fn(Heard<'_>) + Send + Sync)) {
        let inner = &self.0;
        inner.answering.store(false, Ordering::Release);
        inner.put(None);
        hear(Heard::Certain(false));
        while outgoing.try_recv().is_ok() {}
        // What was on its way may not have arrived.
        inner.lost.store(true, Ordering::Release);
        // Whoever waits for it waits in vain.
        let last = lock(&inner.outgoing).last;
        inner.look(|peers| peers.begin(last));
    }

    /// Sends beats and news.
    async fn talk(&self, mut connection: MultiplexedConnection, outgoing: &mut UnboundedReceiver<News>) -> End {
        let (inner, all) = (&self.0, self.channel());
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut news = Vec::new();
        loop {
            let is_due = tokio::select! {
                _ = outgoing.recv_many(&mut news, MOST) => false,
                _ = beats.tick() => true,
                () = inner.nudge.notified() => false,
            };
            let closing = news.is_empty() && outgoing.is_empty() && inner.closing.load(Ordering::Acquire);
            let count = news.len() as u64;
            let mut frames: Vec<_> = news.drain(..).map(|(_, frame)| (all.clone(), frame)).collect();
            let mut say = |frame: Frame<'_>| frames.push((all.clone(), frame.write(inner.me)));
            if inner.lost.swap(false, Ordering::AcqRel) {
                say(Frame::Everything);
            }
            let taken = std::mem::take(&mut *lock(&inner.taken));
            if closing {
                say(Frame::Farewell);
            } else if is_due || count == 0 && taken.is_empty() {
                // Also when somebody doubts that there is an answer: this is the question.
                say(Frame::Beat);
            }
            let took = |(who, number)| (self.channel_of(who), Frame::Took(number).write(inner.me));
            frames.extend(taken.into_iter().map(took));
            if let Err(why) = publish(&mut connection, &frames).await {
                return End::Failed(why);
            }
            inner.counts.sent.fetch_add(count, Ordering::Relaxed);
            inner.look(|peers| peers.sent(count));
            inner.answering.store(true, Ordering::Release);
            if closing {
                return End::Closed;
            }
        }
    }

    /// Takes what all instances say, this one included, until nothing comes any more. Returns why that is.
    async fn listen(
        &self,
        mut pushes: UnboundedReceiver<PushInfo>,
        hear: &(impl Fn(Heard<'_>) + Send + Sync),
    ) -> String {
        let mut last = self.0.clock.elapsed();
        let mut certain = true;
        loop {
            let push = timeout(BEAT, pushes.recv()).await;
            let now = self.0.clock.elapsed();
            match push {
                Ok(None) => return "the connection is closed".to_owned(),
                Ok(Some(push)) if push.kind == PushKind::Disconnection => return "the connection broke".to_owned(),
                Ok(Some(push)) if push.kind == PushKind::Message => {
                    last = now;
                    self.take(&push, now, hear);
                }
                Ok(Some(_)) | Err(_) => {}
            }
            if now.saturating_sub(last) > SILENCE {
                return "nothing is heard any more".to_owned();
            }
            let mut heard = true;
            self.0.look(|peers| heard = peers.are_heard(now, SILENCE));
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

    fn take(&self, push: &PushInfo, now: Duration, hear: &(impl Fn(Heard<'_>) + Send + Sync)) {
        // A message's data are its channel and its content.
        let Some(Value::BulkString(bytes)) = push.data.get(1) else { return };
        let (from, frame) = Frame::read(bytes);
        if from == self.0.me {
            return;
        }
        match frame {
            Frame::Farewell => return self.0.look(|peers| peers.left(from)),
            Frame::Took(number) => return self.0.look(|peers| peers.took(from, number)),
            Frame::Beat => return self.0.look(|peers| peers.heard(from, now)),
            Frame::News(number, news) => {
                hear(Heard::News(news));
                lock(&self.0.taken).insert(from, number);
                self.0.nudge.notify_one();
            }
            Frame::Everything => hear(Heard::Everything),
        }
        self.0.look(|peers| peers.heard(from, now));
        self.0.counts.heard.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends each to its channel, in one piece.
async fn publish(connection: &mut MultiplexedConnection, frames: &[(String, Vec<u8>)]) -> Result<(), String> {
    let mut pipeline = redis::pipe();
    for (channel, frame) in frames {
        pipeline.cmd("PUBLISH").arg(channel).arg(frame).ignore();
    }
    match timeout(SILENCE, pipeline.exec_async(connection)).await {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("it does not answer".to_owned()),
    }
}
