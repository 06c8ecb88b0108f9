//! Ctrl-C, termination requests and hang-ups, as a flag to check between batches.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A request to end the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Ctrl-C or a termination request: SIGINT, SIGTERM.
    Interrupt,
    /// The terminal or the connection is gone: SIGHUP, or a terminal that no longer accepts output.
    HangUp,
}

impl Request {
    /// 128 plus the signal's number, as in shells.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::HangUp => 129,
        }
    }
}

/// Records whether the user or the system has asked the program to end.
#[derive(Default)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    hung_up: Arc<AtomicBool>,
}

impl Interrupt {
    /// From here on a request to end is only recorded. A second [`Request::Interrupt`] ends the program immediately; a hang-up, which may
    /// arrive several times, never does.
    ///
    /// A signal that was ignored when the program started stays ignored: under `nohup` a closed terminal does not end a run.
    ///
    /// # Errors
    /// If signal handlers cannot be installed.
    pub fn listen() -> io::Result<Self> {
        let interrupt = Self::default();
        let is_second = Arc::<AtomicBool>::default();
        let ignored = ignored_signals();
        let is_heard = |signal: &i32| ignored & (1 << (signal - 1)) == 0;
        for signal in [SIGINT, SIGTERM].into_iter().filter(is_heard) {
            // Before the flag is set, so that the first signal does not end the program.
            let code = Request::Interrupt.exit_code();
            flag::register_conditional_shutdown(signal, code.into(), Arc::clone(&is_second))?;
            flag::register(signal, Arc::clone(&is_second))?;
            flag::register(signal, Arc::clone(&interrupt.asked))?;
        }
        #[cfg(unix)]
        for signal in [signal_hook::consts::SIGHUP].into_iter().filter(is_heard) {
            flag::register(signal, Arc::clone(&interrupt.hung_up))?;
            flag::register(signal, Arc::clone(&interrupt.asked))?;
        }
        Ok(interrupt)
    }

    /// The flag itself, for work that checks it on its own.
    pub fn flag(&self) -> &AtomicBool {
        &self.asked
    }

    /// The request so far; a hang-up takes precedence.
    pub fn request(&self) -> Option<Request> {
        let is_set = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        is_set(&self.asked).then(|| match is_set(&self.hung_up) {
            true => Request::HangUp,
            false => Request::Interrupt,
        })
    }
}

/// One bit per ignored signal, from signal 1, as Linux reports them; none elsewhere.
fn ignored_signals() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let mask = status
                .lines()
                .find_map(|line| line.strip_prefix("SigIgn:"))?;
            u64::from_str_radix(mask.trim(), 16).ok()
        })
        .unwrap_or(0)
}
