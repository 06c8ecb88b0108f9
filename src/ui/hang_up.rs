//! Notices that the terminal is gone. Crossterm's reader doesn't: at the end of input it reads again, for ever.

#[cfg(unix)]
pub use unix::wait_for_hang_up;

/// Elsewhere a program ends with its terminal.
#[cfg(not(unix))]
pub fn wait_for_hang_up() -> bool {
    false
}

#[cfg(unix)]
mod unix {
    use std::{io, mem};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    /// Some systems and terminals wake only whoever waits for input, so it is looked again so often.
    const BETWEEN_LOOKS: Timespec = Timespec {
        tv_sec: 1,
        tv_nsec: 0,
    };

    /// Waits until the terminal is gone, whether a signal tells so or not; `false` where the system does not let it be watched.
    ///
    /// From then on stdin is silent, so that a thread that reads events sleeps.
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
                // Where there is no pipe to be had, the reader spins until the program has ended.
                let _ = silence_stdin();
                return true;
            }
        }
    }

    /// Puts a pipe that nobody writes to in stdin's place.
    fn silence_stdin() -> io::Result<()> {
        let (silence, writer) = io::pipe()?;
        // An end of input is no silence.
        mem::forget(writer);
        Ok(rustix::stdio::dup2_stdin(&silence)?)
    }
}
