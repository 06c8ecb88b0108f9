//! Takes over the terminal, draws on it, and restores it in every case.

use std::env;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::mem::ManuallyDrop;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::log::keep_panic;
/// Size of the write buffer in bytes; about a page of images in 24-bit colour.
const WRITE_BUFFER: usize = 64 * 1024;

/// Asks the terminal to report mouse buttons, and motion while one is pressed, in SGR coordinates. Crossterm's own command asks
/// for all motion, which would waste bandwidth.
struct ListenToMouse;

impl crossterm::Command for ListenToMouse {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1002h\x1b[?1006h")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        crossterm::event::EnableMouseCapture.execute_winapi()
    }
}

struct LeaveMouse;

impl crossterm::Command for LeaveMouse {
    fn write_ansi(&self, f: &mut impl fmt::Write) -> fmt::Result {
        f.write_str("\x1b[?1006l\x1b[?1002l")
    }

    #[cfg(windows)]
    fn execute_winapi(&self) -> io::Result<()> {
        crossterm::event::DisableMouseCapture.execute_winapi()
    }
}

/// Whether the terminal is taken over and must be restored.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether its title was changed.
static IS_TITLED: AtomicBool = AtomicBool::new(false);
/// xterm's stack of titles: saves and restores the current one.
const KEEP_TITLE: &str = "\x1b[22;2t";
const RESTORE_TITLE: &str = "\x1b[23;2t";

/// The terminal while the lab uses it; restored on drop.
pub struct Screen {
    /// Never dropped: that would show the cursor, which restoring does, and print an error if the terminal is gone.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
    mouse: bool,
}

impl Screen {
    /// Takes over the terminal: raw mode, alternate screen, bracketed paste. A panic of this thread restores it before the
    /// report is printed. Panics of other threads print nothing while the lab is on the screen: they are logged, and reported
    /// by whoever started the threads.
    ///
    /// # Errors
    /// If input or output is not a terminal, or taking it over fails.
    pub fn open() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other(
                "the lab needs a terminal for input and output; subcommands such as train work without one",
            ));
        }
        hook_panics();
        take()?;
        let writer = BufWriter::with_capacity(WRITE_BUFFER, io::stdout());
        let terminal = Terminal::new(CrosstermBackend::new(writer));
        if terminal.is_err() {
            give_back();
        }
        Ok(Self {
            terminal: ManuallyDrop::new(terminal?),
            mouse: false,
        })
    }

    /// Columns and rows.
    ///
    /// # Errors
    /// If the terminal does not report its size.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame, and enables or disables the mouse; sends only changed cells, in one synchronized update.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(&mut self, mouse: bool, paint: impl FnOnce(Rect, &mut Buffer)) -> io::Result<()> {
        if mouse != self.mouse {
            let backend = self.terminal.backend_mut();
            match mouse {
                true => queue!(backend, ListenToMouse)?,
                false => queue!(backend, LeaveMouse)?,
            }
            self.mouse = mouse;
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal
            .draw(|frame| paint(frame.area(), frame.buffer_mut()))?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        self.terminal.backend_mut().flush()
    }

    /// Rings the bell, sets the title to `text` until the terminal is restored, and sends a notification (OSC 9), between two frames.
    /// Inside tmux the title is the pane's, and the notification needs `allow-passthrough`.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn announce(&mut self, text: &str) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        if !IS_TITLED.swap(true, Ordering::SeqCst) {
            backend.write_all(KEEP_TITLE.as_bytes())?;
        }
        let is_in_tmux = env::var_os("TMUX").is_some_and(|socket| !socket.is_empty());
        backend.write_all(announcement(text, is_in_tmux).as_bytes())?;
        backend.flush()
    }

    /// Makes the next frame send all cells.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn clear(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: it asks for the cursor's position, and waits for the thread that reads the keys.
        let size = self.terminal.size()?;
        self.terminal.resize(Rect::from((Position::ORIGIN, size)))
    }

    /// Restores the terminal and stops this process until it is continued, then takes over the terminal again.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back();
        self.mouse = false;
        // The whole group, as the terminal itself does on Ctrl-Z: a shell may wait for more than this process.
        #[cfg(unix)]
        rustix::process::kill_current_process_group(rustix::process::Signal::TSTP)?;
        take()?;
        self.clear()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// A title, a notification and a bell.
fn announcement(text: &str, is_in_tmux: bool) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    let notification = format!("\x1b]9;convscope: {text}\x07");
    let notification = match is_in_tmux {
        true => format!(
            "\x1bPtmux;{}\x1b\\",
            notification.replace('\x1b', "\x1b\x1b")
        ),
        false => notification,
    };
    format!("\x1b]2;convscope: {text}\x07{notification}\x07")
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    IS_TAKEN.store(true, Ordering::SeqCst);
    let taken = execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        Hide
    );
    if taken.is_err() {
        give_back();
    }
    taken
}

/// Restores the terminal if it is taken over. Errors are ignored: there is nowhere left to report them.
fn give_back() {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        if IS_TITLED.swap(false, Ordering::SeqCst) {
            let _ = execute!(io::stdout(), Print(RESTORE_TITLE));
        }
        let _ = execute!(
            io::stdout(),
            EndSynchronizedUpdate,
            LeaveMouse,
            DisableBracketedPaste,
            // If the window was resized, tmux makes room for the old contents by pushing lines above the cursor out of the
            // alternate screen, and they come back on the other one.
            MoveTo(0, 0),
            Clear(ClearType::All),
            LeaveAlternateScreen,
            Show
        );
        let _ = disable_raw_mode();
    }
}

fn hook_panics() {
    let screen_thread = thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |information| {
        if thread::current().id() == screen_thread {
            give_back();
        }
        if IS_TAKEN.load(Ordering::SeqCst) {
            keep_panic(information);
        } else {
            report(information);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::alone;

    #[test]
    fn an_announcement_is_title_notification_and_bell() {
        let told = announcement("a\x1b]0;b\x07: trained", false);
        let text = "convscope: a]0;b: trained";
        assert_eq!(told, format!("\x1b]2;{text}\x07\x1b]9;{text}\x07\x07"));
        let through = announcement("a", true);
        let wrapped = "\x1bPtmux;\x1b\x1b]9;convscope: a\x07\x1b\\\x07";
        assert!(through.ends_with(wrapped), "{through:?}");
    }

    #[test]
    fn a_panic_beside_the_screen_is_kept_and_not_painted_over_it() {
        let Some(left) =
            alone("ui::terminal::tests::a_panic_beside_the_screen_is_kept_and_not_painted_over_it")
        else {
            hook_panics();
            IS_TAKEN.store(true, Ordering::SeqCst);
            let _ = thread::spawn(|| panic!("the sum is odd")).join();
            IS_TAKEN.store(false, Ordering::SeqCst);
            return;
        };
        assert_eq!(left.stderr, "");
        assert!(!left.stdout.contains("odd"), "{}", left.stdout);
        for part in [
            "the sum is odd",
            "src/ui/terminal.rs:",
            "a_panic_beside_the_screen",
        ] {
            assert!(left.log.contains(part), "no {part} in {}", left.log);
        }
    }
}
