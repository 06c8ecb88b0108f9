//! Downloading one file over HTTP, resumed where it broke off.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::header::{CONTENT_LENGTH, ETAG, IF_RANGE, LAST_MODIFIED, RANGE};

use crate::data::error::{DataError, unwritable};
use crate::wording::reason_of;

/// Interval at which a wait checks for cancellation.
const LOOK: Duration = Duration::from_millis(50);

pub(super) struct Download<'a> {
    pub url: &'a str,
    /// The partial file; a second file beside it records the source of its bytes.
    pub part: &'a Path,
    /// About as many bytes as are expected.
    pub bytes: u64,
    pub patience: Duration,
}

/// Why a file was not downloaded.
pub(super) enum Stop {
    /// A part was received; the same server may send the rest.
    BrokeOff(String),
    /// This server will not send it.
    Refused(String),
    /// No server can help.
    Failed(DataError),
}

enum News {
    /// The data starts at this byte of a file with this total length, of the version with this mark.
    Begin(u64, Option<u64>, String),
    Bytes(Vec<u8>),
    End,
    Stop(Stop),
}

impl Download<'_> {
    /// More are not taken: another server may have compressed the file less.
    fn most_bytes(&self) -> u64 {
        2 * self.bytes + (1 << 20)
    }

    /// Enough for the file at 50 kB a second, and an hour for a small one.
    fn longest(&self) -> Duration {
        Duration::from_secs(3600 + self.bytes / 50_000)
    }

    /// Downloads the file; `received` is called with the number of bytes so far.
    pub(super) fn run(&self, received: &dyn Fn(u64) -> Result<(), DataError>) -> Result<(), Stop> {
        let mark = self.mark();
        let have = match &mark {
            Some(_) => fs::metadata(self.part).map_or(0, |data| data.len()),
            None => 0,
        };
        let (sender, news) = mpsc::sync_channel(16);
        let (url, waits) = (self.url.to_owned(), [self.patience, self.longest()]);
        // The thread may hang with its server; nothing waits for it.
        thread::spawn(move || receive(&url, waits, mark.map(|mark| (have, mark)), &sender));
        let failed = |error| Stop::Failed(unwritable(self.part)(error));
        let (mut file, mut have, mut length) = (None::<File>, have, None);
        loop {
            match self.wait(&news, &|| received(have))? {
                News::Begin(at, whole, mark) => {
                    let mut options = OpenOptions::new();
                    options.create(true).truncate(at == 0);
                    options.write(true).append(at > 0);
                    // The mark first: a part without one starts over.
                    let _ = fs::remove_file(self.mark_path());
                    file = Some(options.open(self.part).map_err(failed)?);
                    fs::write(self.mark_path(), format!("{}\n{mark}", self.url)).map_err(failed)?;
                    (have, length) = (at, whole);
                }
                News::Bytes(bytes) => {
                    have += bytes.len() as u64;
                    let most = self.most_bytes();
                    if have > most {
                        self.forget();
                        return Err(Stop::Refused(format!("more than {most} bytes were sent")));
                    }
                    if let Some(file) = &mut file {
                        file.write_all(&bytes).map_err(failed)?;
                    }
                    received(have).map_err(Stop::Failed)?;
                }
                News::End => {
                    return match length {
                        Some(length) if have < length => Err(Stop::BrokeOff(format!(
                            "the download ended after {have} of {length} bytes"
                        ))),
                        _ => Ok(()),
                    };
                }
                News::Stop(stop) => return Err(stop),
            }
        }
    }

    /// Forgets the source of the partial file.
    pub(super) fn forget(&self) {
        let _ = fs::remove_file(self.mark_path());
    }

    fn mark_path(&self) -> PathBuf {
        self.part.with_extension("part.from")
    }

    /// The mark of the version in the partial file, if it came from this URL.
    fn mark(&self) -> Option<String> {
        let text = fs::read_to_string(self.mark_path()).ok()?;
        let (url, mark) = text.split_once('\n')?;
        (url == self.url && !mark.is_empty()).then(|| mark.to_owned())
    }

    fn wait(
        &self,
        news: &mpsc::Receiver<News>,
        wanted: &dyn Fn() -> Result<(), DataError>,
    ) -> Result<News, Stop> {
        let begun = Instant::now();
        loop {
            match news.recv_timeout(LOOK.min(self.patience)) {
                Ok(news) => return Ok(news),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Stop::BrokeOff("the connection was lost".to_owned()));
                }
                Err(RecvTimeoutError::Timeout) if begun.elapsed() >= self.patience => {
                    let seconds = self.patience.as_secs_f32();
                    return Err(Stop::Refused(format!("no data for {seconds} seconds")));
                }
                Err(RecvTimeoutError::Timeout) => wanted().map_err(Stop::Failed)?,
            }
        }
    }
}

/// Why a server gave nothing, or no more.
fn words(error: ureq::Error) -> String {
    let words = match error {
        ureq::Error::Io(error) => return reason_of(&error),
        ureq::Error::HostNotFound => "the server's name is not known; is there a network?",
        ureq::Error::Timeout(_) => "no answer in time",
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "this is not a valid URL",
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => "redirected too often",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "no secure connection is possible",
        ureq::Error::ConnectionFailed => "no connection is possible",
        ureq::Error::Protocol(_) => "the connection was lost, or the answer is not HTTP",
        error => return error.to_string(),
    };
    words.to_owned()
}

/// Requests the file, or the rest of it, and passes the data on; ends when the receiver is gone. An answer may take as long as the first
/// wait, the whole file as long as the second.
fn receive(url: &str, waits: [Duration; 2], have: Option<(u64, String)>, news: &SyncSender<News>) {
    let tell = |stop| {
        let _ = news.send(News::Stop(stop));
    };
    let [patience, longest] = waits;
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .timeout_global(Some(longest))
        .http_status_as_error(false)
        .build()
        .into();
    let mut request = agent.get(url);
    let have = have.filter(|(have, _)| *have > 0);
    if let Some((have, mark)) = &have {
        // Without the same version the server sends the whole file.
        request = request
            .header(RANGE, format!("bytes={have}-"))
            .header(IF_RANGE, mark);
    }
    let response = match request.call() {
        Ok(response) => response,
        Err(error) => return tell(Stop::Refused(words(error))),
    };
    let at = match (response.status().as_u16(), have) {
        (200, _) => 0,
        (206, Some((have, _))) => have,
        // All of it was received already, or its version is gone: start over.
        (416, Some(_)) => return receive(url, waits, None, news),
        (status, _) => return tell(Stop::Refused(format!("the server returned {status}"))),
    };
    let header = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let length = header(CONTENT_LENGTH).and_then(|text| Some(at + text.parse::<u64>().ok()?));
    let mark = header(ETAG).or(header(LAST_MODIFIED));
    let mark = mark.unwrap_or_default().to_owned();
    if news.send(News::Begin(at, length, mark)).is_err() {
        return;
    }
    let mut body = response.into_body().into_reader();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let message = match body.read(&mut buffer) {
            Ok(0) => News::End,
            Ok(count) => News::Bytes(buffer[..count].to_vec()),
            Err(error) => News::Stop(Stop::BrokeOff(words(error.into()))),
        };
        let last = !matches!(message, News::Bytes(_));
        if news.send(message).is_err() || last {
            return;
        }
    }
}
