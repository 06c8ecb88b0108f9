//! Detects that the terminal is gone. Crossterm's reader does not: at the end of input it keeps reading forever.

#[cfg(unix)]
pub use unix::wait_for_hang_up;

/// On other systems a program ends with its terminal.
#[cfg(not(unix))]
pub fn wait_for_hang_up() -> bool {
    false
}

#[cfg(unix)]
mod unix {
    use std::{io, mem};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    /// Polling interval: some systems and terminals wake only threads that wait for input.
    const BETWEEN_LOOKS: Timespec = Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    };

    /// Waits until the terminal is gone, with or without a signal; `false` if the system cannot watch it.
    ///
    /// Stdin is silent afterwards, so that a thread that reads events sleeps.
    pub fn wait_for_hang_up() -> bool {
        let stdin = io::stdin();
        loop {
            let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
            match poll(&mut watched, Some(&BETWEEN_LOOKS)) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return false,
            }
            let told = watched[0].revents();
            if told.contains(PollFlags::NVAL) {
                return false;
            }
            if told.intersects(PollFlags::HUP | PollFlags::ERR) {
                // Without a pipe, the reader spins until the program has ended.
                let _ = silence_stdin();
                return true;
            }
        }
    }

    /// Replaces stdin with a pipe that nobody writes to.
    fn silence_stdin() -> io::Result<()> {
        let (silence, writer) = io::pipe()?;
        // Keep the writing end open: end of input would wake the reader.
        mem::forget(writer);
        Ok(rustix::stdio::dup2_stdin(&silence)?)
    }
}
