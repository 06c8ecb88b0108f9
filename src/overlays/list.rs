//! A list filtered by typing: help, palette, classes, presets, runs.

use std::rc::Rc;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};

use super::rows::draw_rows;
use crate::lab::{Action, Edit, HasActions, Lab, LineInput, Overlay};
use crate::ui::format::wrap;
use crate::ui::keys::{FIELD_KEYS, LIST_KEYS, PAGE};
use crate::ui::panel::{dialog, draw_input, empty, paragraph};
use crate::ui::search::best_match;
use crate::ui::theme::Theme;
use crate::worker::{Asked, Question};

/// A headline and advice for an empty list.
type Nothing = dyn Fn(&Lab) -> (&'static str, String);
/// The effect of choosing an entry, after the list is closed.
type Choice = Rc<dyn Fn(&mut Lab)>;
/// The preview of an entry while the cursor is on it.
type Picture = Rc<dyn Fn(&Lab, Rect, &mut Buffer, &Theme)>;
/// What an entry asks the worker for its preview.
type Asking = Rc<dyn Fn(&mut Lab)>;

#[derive(Clone)]
pub struct Entry {
    /// The heading of its group.
    pub group: &'static str,
    /// The keys of the same action outside the list.
    pub keys: String,
    pub name: String,
    pub detail: String,
    /// The effect of choosing it, or why it cannot be chosen.
    pub choice: Result<Choice, String>,
    pub picture: Option<Picture>,
    pub asking: Option<Asking>,
}

impl Entry {
    pub fn new(
        name: impl Into<String>,
        detail: impl Into<String>,
        choice: impl Fn(&mut Lab) + 'static,
    ) -> Self {
        Self {
            group: "",
            keys: String::new(),
            name: name.into(),
            detail: detail.into(),
            choice: Ok(Rc::new(choice)),
            picture: None,
            asking: None,
        }
    }

    /// Makes it unavailable if there is a reason.
    pub fn refused(mut self, reason: Option<String>) -> Self {
        if let Some(reason) = reason {
            self.choice = Err(reason);
        }
        self
    }

    pub fn picture(mut self, picture: impl Fn(&Lab, Rect, &mut Buffer, &Theme) + 'static) -> Self {
        self.picture = Some(Rc::new(picture));
        self
    }

    /// Sets what is called after every event while the cursor is on it, to ask for what its picture needs.
    pub fn asking(mut self, asking: impl Fn(&mut Lab) + 'static) -> Self {
        self.asking = Some(Rc::new(asking));
        self
    }
}

/// How a list shows its entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    Rows,
    /// Under headings, with keys, and the detail of the current entry below.
    Headings,
    Keys,
    /// Names only, with the detail of the current entry below.
    Words,
    /// Names only, with the picture of the current entry beside them.
    Beside,
    /// With the picture of the current entry below.
    Below,
}

/// Rows of the detail below a list, enough for the longest one in 80 columns.
const WORDS: u16 = 3;

/// A list filtered by typing.
pub struct List {
    title: &'static str,
    hint: &'static str,
    /// Columns and rows at most; without rows, as many as there are entries.
    size: (u16, Option<u16>),
    arrangement: Arrangement,
    /// Label of Enter.
    verb: &'static str,
    source: Box<dyn Source>,
    /// The headline and advice shown without entries.
    nothing: Box<Nothing>,
    pub filter: LineInput,
    /// Among the entries that match.
    pub cursor: usize,
}

impl List {
    /// A list of the entries that `entries` returns, evaluated on every use.
    pub fn new(title: &'static str, entries: impl Fn(&Lab) -> Vec<Entry> + 'static) -> Self {
        Self::of(title, entries)
    }

    /// A list of entries made from the answer to a question; `reading` is shown until it arrives.
    pub fn found<Q: Question>(
        title: &'static str,
        reading: &'static str,
        question: Option<Q>,
        entries: impl Fn(&Lab, Option<&Q::Answer>) -> Vec<Entry> + 'static,
    ) -> Self {
        Self::of(title, Found::new(reading, question, entries))
    }

    fn of(title: &'static str, source: impl Source + 'static) -> Self {
        Self {
            title,
            hint: "type to search",
            size: (48, None),
            arrangement: Arrangement::Rows,
            verb: "choose",
            source: Box::new(source),
            nothing: Box::new(|_| ("Nothing to choose from", String::new())),
            filter: LineInput::default(),
            cursor: 0,
        }
    }

    pub fn hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    pub fn size(mut self, columns: u16, rows: Option<u16>) -> Self {
        self.size = (columns, rows);
        self
    }

    pub fn arranged(mut self, arrangement: Arrangement) -> Self {
        self.arrangement = arrangement;
        self
    }

    pub fn verb(mut self, verb: &'static str) -> Self {
        self.verb = verb;
        self
    }

    pub fn at(mut self, cursor: usize) -> Self {
        self.cursor = cursor;
        self
    }

    pub fn nothing(mut self, nothing: impl Fn(&Lab) -> (&'static str, String) + 'static) -> Self {
        self.nothing = Box::new(nothing);
        self
    }

    /// The entries that match the filter.
    pub fn matching(&self, lab: &Lab) -> Vec<Entry> {
        let typed = self.filter.text().trim();
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        let mut entries = self.source.entries(lab);
        entries.retain(|entry| {
            let text = format!(
                "{} {} {} {}",
                entry.keys, entry.name, entry.detail, entry.group
            )
            .to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        });
        entries
    }

    fn choose(&mut self, lab: &mut Lab) {
        match self.matching(lab).into_iter().nth(self.cursor) {
            Some(entry) => match entry.choice {
                Ok(choice) => {
                    lab.close();
                    choice(lab);
                }
                Err(reason) => lab.refuse(format!("{}: {reason}", entry.name)),
            },
            None => lab.refuse("nothing matches"),
        }
    }

    /// Columns and rows.
    fn room(&self, entries: usize, area: Rect) -> (u16, u16) {
        let (columns, rows) = self.size;
        let words = u16::from(self.arrangement == Arrangement::Words) * (WORDS + 1);
        let rows = rows.unwrap_or((entries as u16 + 4 + words).max(8));
        (area.width.min(columns), area.height.min(rows))
    }

    /// Splits the body into the list and the detail or picture of the current entry.
    fn areas(&self, current: Option<&Entry>, body: Rect) -> [Rect; 2] {
        let layout = match self.arrangement {
            Arrangement::Rows | Arrangement::Keys => return [body, Rect::default()],
            Arrangement::Beside => Layout::horizontal([Length(24), Fill(1)]).spacing(2),
            Arrangement::Below => Layout::vertical([Fill(1), Length(body.height / 2)]).spacing(1),
            Arrangement::Headings | Arrangement::Words => {
                let words = current.map(words_of).unwrap_or_default();
                let rows = wrap(&words, body.width.into()).len() as u16;
                let rows = rows.min(body.height / 2).max(WORDS);
                Layout::vertical([Fill(1), Length(rows)]).spacing(1)
            }
        };
        layout.areas(body)
    }
}

impl HasActions for List {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        vec![
            Action::along(
                "list.move",
                ("↑↓", LIST_KEYS.into_iter().chain(FIELD_KEYS)),
                "select",
                |list: &mut Self, lab, motion| {
                    list.cursor = motion.along(list.cursor, list.matching(lab).len(), PAGE);
                },
            )
            .help("select an entry"),
            Action::of("list.take", KeyCode::Enter, self.verb)
                .help("choose the selected entry")
                .does(Self::choose),
            Action::of("list.close", KeyCode::Esc, "close")
                .help("close the list")
                .does(|_, lab| lab.close()),
        ]
    }
}

impl Overlay for List {
    fn edit(&mut self, edit: &Edit, lab: &mut Lab) -> bool {
        self.filter.apply(edit);
        let entries = self.matching(lab);
        let names = entries.iter().map(|entry| entry.name.as_str());
        self.cursor = best_match(names, self.filter.text().trim());
        true
    }

    fn is_typing(&self) -> bool {
        !self.filter.text().is_empty()
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.source.ask(lab);
        let entry = self.matching(lab).into_iter().nth(self.cursor);
        if let Some(asking) = entry.and_then(|entry| entry.asking) {
            asking(lab);
        }
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let entries = self.matching(lab);
        let size = self.room(entries.len(), area);
        let inner = dialog(self.title, size, area, buffer, theme);
        let [input, _, body] = Layout::vertical([Length(1), Length(1), Fill(1)]).areas(inner);
        draw_input(&self.filter, self.hint, input, buffer, theme);
        if entries.is_empty() {
            let (headline, advice) = match (self.filter.text(), self.source.missing()) {
                ("", Some(missing)) => missing,
                ("", None) => (self.nothing)(lab),
                _ => (
                    "Nothing matches",
                    "Delete some letters with Backspace.".to_owned(),
                ),
            };
            return empty(headline, &advice, body, buffer, theme);
        }
        let [list, rest] = self.areas(entries.get(self.cursor), body);
        let places = draw_rows(self.arrangement, &entries, self.cursor, list, buffer, theme);
        lab.spots
            .cursor(places, |list: &mut Self, _, entry| list.cursor = entry);
        let entry = entries.get(self.cursor).filter(|_| !rest.is_empty());
        match entry.map(|entry| (entry, &entry.picture)) {
            Some((_, Some(picture))) => picture(lab, rest, buffer, theme),
            Some((entry, None))
                if matches!(self.arrangement, Arrangement::Headings | Arrangement::Words) =>
            {
                paragraph(&words_of(entry), theme.text, rest, buffer);
            }
            _ => {}
        }
    }
}

/// What an entry does, and why it is unavailable.
fn words_of(entry: &Entry) -> String {
    let reason = match &entry.choice {
        Ok(_) => String::new(),
        Err(reason) => format!(" Unavailable: {reason}."),
    };
    let keys = match entry.keys.as_str() {
        "" => String::new(),
        keys => format!("{keys}: "),
    };
    format!("{keys}{}.{reason}", entry.detail)
}

/// The source of a list's entries: the lab's state, or an answer of the worker.
trait Source {
    fn entries(&self, lab: &Lab) -> Vec<Entry>;

    /// Receives answers, and asks for what is still missing.
    fn ask(&mut self, _lab: &mut Lab) {}

    /// Why there are no entries, as a headline and a sentence.
    fn missing(&self) -> Option<(&'static str, String)> {
        None
    }
}

impl<F: Fn(&Lab) -> Vec<Entry>> Source for F {
    fn entries(&self, lab: &Lab) -> Vec<Entry> {
        self(lab)
    }
}

/// Entries made from the answer to a question.
struct Found<Q: Question, F> {
    reading: &'static str,
    question: Option<Q>,
    asked: Asked<Q>,
    entries: F,
}

impl<Q: Question, F: Fn(&Lab, Option<&Q::Answer>) -> Vec<Entry>> Found<Q, F> {
    fn new(reading: &'static str, question: Option<Q>, entries: F) -> Self {
        Self {
            reading,
            question,
            asked: Asked::default(),
            entries,
        }
    }
}

impl<Q: Question, F: Fn(&Lab, Option<&Q::Answer>) -> Vec<Entry>> Source for Found<Q, F> {
    fn entries(&self, lab: &Lab) -> Vec<Entry> {
        (self.entries)(lab, self.asked.answer())
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.asked.want(self.question.clone(), &mut lab.out);
    }

    fn missing(&self) -> Option<(&'static str, String)> {
        if self.asked.is_waiting() {
            return Some((self.reading, String::new()));
        }
        let why = self.asked.failure()?;
        Some(("Reading failed", why.to_owned()))
    }
}
