//! Ctrl-C and requests to end, as a flag to look at between batches.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Set once the user or the system asks the program to end.
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From here on a request to end only sets the flag; a second one ends the program at once.
    ///
    /// A signal that the program was started with as ignored stays so: under `nohup` a closed terminal does not end a training.
    ///
    /// # Errors
    /// Where the system does not let signals be caught.
    pub fn listen() -> io::Result<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        let ignored = ignored_signals();
        #[cfg(unix)]
        let signals = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
        #[cfg(not(unix))]
        let signals = [SIGINT, SIGTERM];
        for signal in signals {
            if ignored & (1 << (signal - 1)) != 0 {
                continue;
            }
            // Before the flag is set, so that the first signal does not end the program.
            flag::register_conditional_shutdown(signal, 130, Arc::clone(&asked))?;
            flag::register(signal, Arc::clone(&asked))?;
        }
        Ok(Self(asked))
    }

    /// The flag itself, for work that looks at it by its own.
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// One bit a signal, from 1, as Linux tells; none elsewhere.
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
