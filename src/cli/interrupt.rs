//! Ctrl-C, termination requests and hang-ups, as a flag to check between batches.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

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

/// Records whether the user or the system has asked the program to end. Once the last one is dropped, a request ends the program as usual.
pub struct Interrupt {
    asked: Arc<AtomicBool>,
    hung_up: Arc<AtomicBool>,
    _listener: Listener,
}

/// How many listen.
static LISTENERS: AtomicUsize = AtomicUsize::new(0);
/// Whether nobody does.
static UNHEARD: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

struct Listener;

impl Listener {
    fn new() -> Self {
        LISTENERS.fetch_add(1, Ordering::SeqCst);
        UNHEARD.store(false, Ordering::SeqCst);
        Self
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let is_last = LISTENERS.fetch_sub(1, Ordering::SeqCst) == 1;
        UNHEARD.store(is_last, Ordering::SeqCst);
    }
}

/// Registers, once, that a signal that nobody hears does what it does by default.
fn keep_default(signals: impl Iterator<Item = i32>) -> io::Result<()> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.set(()).is_ok() {
        for signal in signals {
            flag::register_conditional_default(signal, Arc::clone(&UNHEARD))?;
        }
    }
    Ok(())
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
        let interrupt = Self {
            asked: Arc::default(),
            hung_up: Arc::default(),
            _listener: Listener::new(),
        };
        let is_second = Arc::<AtomicBool>::default();
        let ignored = ignored_signals();
        let is_heard = |signal: &i32| ignored & (1 << (signal - 1)) == 0;
        let signals = [SIGINT, SIGTERM].into_iter();
        #[cfg(unix)]
        let signals = signals.chain([signal_hook::consts::SIGHUP]);
        keep_default(signals.filter(is_heard))?;
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

    /// The same, to be set from elsewhere.
    pub fn shared_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.asked)
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

/// Counts how often the user asked to end, for work that ends in steps.
#[derive(Clone, Default)]
pub struct Requests {
    /// Ctrl-C so far.
    interrupts: Arc<AtomicUsize>,
    /// Whether the system asked, or the terminal is gone: there is no time to finish.
    is_urgent: Arc<AtomicBool>,
    hung_up: Arc<AtomicBool>,
}

impl Requests {
    /// From here on requests are only counted, except that a third Ctrl-C ends the program immediately. A signal that was ignored when the
    /// program started stays ignored.
    ///
    /// # Errors
    /// If signal handlers cannot be installed.
    pub fn listen() -> io::Result<Self> {
        let requests = Self::default();
        requests.hear()?;
        Ok(requests)
    }

    #[cfg(unix)]
    fn hear(&self) -> io::Result<()> {
        let ignored = ignored_signals();
        let heard = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP].into_iter();
        let heard = heard.filter(|signal| ignored & (1 << (signal - 1)) == 0);
        let mut signals = signal_hook::iterator::Signals::new(heard)?;
        let counts = self.clone();
        std::thread::spawn(move || {
            for signal in signals.forever() {
                match signal {
                    SIGINT if counts.interrupts.fetch_add(1, Ordering::Relaxed) >= 2 => {
                        std::process::exit(Request::Interrupt.exit_code().into());
                    }
                    SIGINT => {}
                    SIGTERM => counts.is_urgent.store(true, Ordering::Relaxed),
                    _ => {
                        counts.hung_up.store(true, Ordering::Relaxed);
                        counts.is_urgent.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
        Ok(())
    }

    /// Without a way to count, the first one stops at once.
    #[cfg(not(unix))]
    fn hear(&self) -> io::Result<()> {
        for signal in [SIGINT, SIGTERM] {
            flag::register(signal, Arc::clone(&self.is_urgent))?;
        }
        Ok(())
    }

    /// How often Ctrl-C was pressed.
    pub fn count(&self) -> usize {
        self.interrupts.load(Ordering::Relaxed)
    }

    /// Whether the work should stop at once.
    pub fn is_urgent(&self) -> bool {
        self.is_urgent.load(Ordering::Relaxed)
    }

    /// The request so far; a hang-up takes precedence.
    pub fn request(&self) -> Option<Request> {
        let is_asked = self.is_urgent() || self.count() > 0;
        is_asked.then(|| match self.hung_up.load(Ordering::Relaxed) {
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
