//! Where log lines go: a bounded buffer that a thread of its own writes out.
//!
//! No request waits for a terminal or a full pipe. A line costs its caller a copy; lines leave in batches
//! within [`GATHER`], and at once when the process ends. When the reader falls behind by [`CAPACITY`], further
//! lines are dropped and their number is told as soon as there is room again.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long lines may wait for company.
const GATHER: Duration = Duration::from_millis(50);
/// A batch of this size is written without waiting longer; bytes.
const FULL: usize = 64 * 1024;
/// Most bytes that wait for a slow reader.
const CAPACITY: usize = 4 * 1024 * 1024;

/// A handle to the buffer; clones share it.
#[derive(Clone)]
pub struct Sink(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<u8>,
    dropped: u64,
    asleep: bool,
    closed: bool,
}

/// Writes out what is left and ends the thread when dropped.
pub struct Flusher {
    sink: Sink,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    /// Starts the thread that writes to `out`; `lost` words the line that tells how many were dropped.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn start(
        out: impl Write + Send + 'static,
        lost: impl Fn(u64) -> String + Send + 'static,
    ) -> io::Result<(Self, Flusher)> {
        let sink = Self(Arc::new(Shared { state: Mutex::default(), work: Condvar::new() }));
        let shared = Arc::clone(&sink.0);
        let thread = std::thread::Builder::new().name("log".into()).spawn(move || write_out(&shared, out, lost))?;
        Ok((sink.clone(), Flusher { sink, thread: Some(thread) }))
    }

    /// Queues one line, its line feed included.
    pub fn push(&self, line: &[u8]) {
        let mut state = self.0.lock();
        let before = state.lines.len();
        if before + line.len() > CAPACITY {
            state.dropped += 1;
            return;
        }
        state.lines.extend_from_slice(line);
        // Waking costs a system call: once per batch, and once more when the batch is full.
        let wake = state.asleep || (before < FULL && before + line.len() >= FULL);
        state.asleep = false;
        drop(state);
        if wake {
            self.0.work.notify_one();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Sink {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.sink.0.lock().closed = true;
        self.sink.0.work.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic of the writer has been told by the panic hook; there is nothing left to write with.
            let _ = thread.join();
        }
    }
}

fn write_out(shared: &Shared, mut out: impl Write, lost: impl Fn(u64) -> String) {
    let mut batch = Vec::new();
    loop {
        let (closed, dropped) = next_batch(shared, &mut batch);
        if dropped > 0 {
            batch.extend_from_slice(lost(dropped).as_bytes());
        }
        // A log that cannot be written must not stop the shop.
        let _ = out.write_all(&batch).and_then(|()| out.flush());
        batch.clear();
        batch.shrink_to(4 * FULL);
        if closed {
            return;
        }
    }
}

/// Waits for lines, gives them company, and swaps them into `batch`.
fn next_batch(shared: &Shared, batch: &mut Vec<u8>) -> (bool, u64) {
    let mut state = shared.lock();
    while state.lines.is_empty() && !state.closed {
        state.asleep = true;
        state = shared.work.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    state.asleep = false;
    let gathering = |state: &mut State| !state.closed && state.lines.len() < FULL;
    (state, _) = shared.work.wait_timeout_while(state, GATHER, gathering).unwrap_or_else(PoisonError::into_inner);
    std::mem::swap(batch, &mut state.lines);
    (state.closed, std::mem::take(&mut state.dropped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// Blocks in its first write until told to go on.
    struct Stuck {
        go: Receiver<()>,
        out: Sender<Vec<u8>>,
    }

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.go.recv();
            let _ = self.out.send(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_arrive_in_order_and_before_the_end() {
        let (sender, lines) = channel();
        let (go, gate) = channel();
        drop(go);
        let (sink, flusher) = Sink::start(Stuck { go: gate, out: sender }, |n| format!("lost {n}\n")).unwrap();
        let sent: Vec<String> = (0..1000).map(|number| format!("{number}\n")).collect();
        for line in &sent {
            sink.push(line.as_bytes());
        }
        drop(flusher);
        let written: Vec<u8> = lines.iter().flatten().collect();
        assert_eq!(String::from_utf8(written).unwrap(), sent.concat());
    }

    #[test]
    fn a_stuck_reader_costs_lines_but_neither_memory_nor_time() {
        let (sender, lines) = channel();
        let (go, gate) = channel();
        let (sink, flusher) = Sink::start(Stuck { go: gate, out: sender }, |n| format!("lost {n}\n")).unwrap();
        let line = [b'x'; 1024];
        for _ in 0..3 * CAPACITY / line.len() {
            sink.push(&line);
        }
        assert!(sink.0.lock().lines.len() <= CAPACITY);
        drop(go);
        drop(flusher);
        let written: Vec<u8> = lines.iter().flatten().collect();
        assert!(String::from_utf8_lossy(&written).contains("lost "));
    }
}
