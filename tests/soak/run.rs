//! The run: clients at work, kills in between, a look at the books after each, and a verdict.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::audit::Books;
use super::buyer::Buyer;
use super::dice::Dice;
use super::known::Book;
use super::server::Server;
use super::setting::Setting;
use super::wire::Wire;
use crate::support::ground::Ground;

/// How often progress is told.
const PROGRESS: Duration = Duration::from_secs(10);
/// Violations that are told; one fault leads to many.
const MOST: usize = 20;

/// What is to be done.
pub struct Plan {
    /// Of all that is left to chance, but for the scheduler's part in it.
    pub seed: u64,
    /// Who place, change and cancel at once.
    pub clients: usize,
    /// For how long.
    pub span: Duration,
    /// Milliseconds between a start and the next kill.
    pub pauses: Range<u64>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Verdict {
    pub seed: u64,
    pub violations: Vec<String>,
    pub kills: u64,
    pub orders: usize,
    answers: u64,
    lost: u64,
    replayed: u64,
    seconds: u64,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, violations, kills, orders, answers, lost, replayed, seconds } = self;
        write!(
            f,
            "soak: seed {seed}, {seconds} s: {answers} answers, {orders} orders, {kills} kills, {lost} requests unanswered at \
             first ({replayed} of them had been done), {} violations",
            violations.len()
        )?;
        violations.iter().take(MOST).try_for_each(|violation| write!(f, "\n  {violation}"))
    }
}

/// The run while it lasts.
struct Soak {
    ground: Arc<Ground>,
    server: Server,
    wire: Wire,
    book: Book,
    begin: Instant,
    told: Instant,
    /// How much of what was acknowledged has been looked for.
    seen: usize,
    verdict: Verdict,
}

/// Does what the plan says; ends by itself.
pub async fn run(plan: &Plan) -> Verdict {
    println!("soak: seed {}, {} clients, {:?}", plan.seed, plan.clients, plan.span);
    let ground = Arc::new(Ground::bare().await);
    let server = Server::start(Arc::clone(&ground));
    let setting = Setting::make(&server.base(), plan.clients).await;
    let (wire, book, now) = (Wire::new(server.base()), Book::default(), Instant::now());
    let verdict = Verdict { seed: plan.seed, ..Verdict::default() };
    let mut soak = Soak { ground, server, wire, book, begin: now, told: now, seen: 0, verdict };

    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = soak.clients(plan, &setting, &stop);
    let mut dice = Dice::new(plan.seed, 0);
    while soak.begin.elapsed() < plan.span && soak.verdict.violations.is_empty() && !stop.load(Ordering::Relaxed) {
        let pause = plan.pauses.start + dice.roll(plan.pauses.end - plan.pauses.start);
        soak.pause(Duration::from_millis(pause)).await;
        soak.kill();
    }
    stop.store(true, Ordering::Relaxed);
    while let Some(ended) = clients.join_next().await {
        soak.verdict.violations.extend(ended.expect("a client ends by itself").err());
    }
    soak.close(&setting).await
}

impl Soak {
    fn clients(&self, plan: &Plan, setting: &Setting, stop: &Arc<AtomicBool>) -> JoinSet<Result<(), String>> {
        let mut clients = JoinSet::new();
        for (number, own) in (1..).zip(&setting.buyers) {
            let (wire, book, dice) = (self.wire.clone(), self.book.clone(), Dice::new(plan.seed, number));
            let keys = [own.clone(), setting.staff.clone()];
            let mut buyer = Buyer::new(wire, dice, book, keys, &setting.products, format!("buyer-{number}"));
            let stop = Arc::clone(stop);
            clients.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    if let Err(violation) = buyer.act().await {
                        // Nothing is to be learned from what follows.
                        stop.store(true, Ordering::Relaxed);
                        return Err(violation);
                    }
                }
                Ok(())
            });
        }
        clients
    }

    /// Kills the server, and looks whether what had been acknowledged until then is there when it is back.
    fn kill(&mut self) {
        tokio::task::block_in_place(|| {
            self.server.kill();
            self.verdict.kills += 1;
            let acknowledged = self.book.open().log[self.seen..].to_vec();
            self.server.again();
            self.seen += acknowledged.len();
            let look = async { Books::open(&self.ground).await.look(&acknowledged).await };
            let violations = Handle::current().block_on(look);
            self.verdict.violations.extend(violations);
        });
    }

    /// Lets the clients work, and tells how far they are.
    async fn pause(&mut self, pause: Duration) {
        let begin = Instant::now();
        loop {
            self.tell_progress();
            let left = pause.saturating_sub(begin.elapsed());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(PROGRESS.saturating_sub(self.told.elapsed()))).await;
        }
    }

    fn tell_progress(&mut self) {
        if self.told.elapsed() < PROGRESS {
            return;
        }
        self.told = Instant::now();
        self.count();
        println!("{}", self.verdict);
    }

    fn count(&mut self) {
        let tally = &self.wire.tally;
        self.verdict.orders = self.book.open().orders.len();
        self.verdict.answers = tally.answers.load(Ordering::Relaxed);
        self.verdict.lost = tally.lost.load(Ordering::Relaxed);
        self.verdict.replayed = tally.replayed.load(Ordering::Relaxed);
        self.verdict.seconds = self.begin.elapsed().as_secs();
    }

    /// The last order is placed and the server killed as soon as it is acknowledged; then everything is compared.
    async fn close(mut self, setting: &Setting) -> Verdict {
        if self.verdict.violations.is_empty() {
            let keys = [setting.buyers[0].clone(), setting.staff.clone()];
            let (wire, book) = (self.wire.clone(), self.book.clone());
            let dice = Dice::new(self.verdict.seed, u64::MAX);
            let mut last = Buyer::new(wire, dice, book, keys, &setting.products, "last".to_owned());
            self.verdict.violations.extend(last.place().await.err());
            self.kill();
            // Wakes whoever tells of what was left.
            self.verdict.violations.extend(last.adjust().await.err());
        }
        let books = Books::open(&self.ground).await;
        let differences = books.compare(&self.book).await;
        self.verdict.violations.extend(differences);
        self.everything_is_told(&books).await;
        let log = self.server.log();
        let panics = log.lines().filter(|line| line.contains("panicked") || line.contains("\"level\":\"ERROR\""));
        self.verdict.violations.extend(panics.map(|line| format!("the log says: {line}")));
        self.count();
        self.verdict
    }

    async fn everything_is_told(&mut self, books: &Books) {
        let begin = Instant::now();
        while books.untold().await > 0 {
            if begin.elapsed() > Duration::from_secs(30) {
                return self.verdict.violations.push(format!("{} events are not told", books.untold().await));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
