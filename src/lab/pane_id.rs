//! The six panes and the parts that the focus walks through.

/// One of the six panes, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaneId {
    Data,
    View,
    Network,
    Train,
    Results,
    Activations,
}

impl PaneId {
    pub const ALL: [Self; 6] = [
        Self::Data,
        Self::View,
        Self::Network,
        Self::Train,
        Self::Results,
        Self::Activations,
    ];

    /// Position in [`ALL`](Self::ALL), from 0.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The parts that can have the focus, in the order of Tab.
    pub fn parts(self) -> &'static [Part] {
        match self {
            Self::Data => &[Part::Sets, Part::Classes],
            Self::View => &[Part::Images],
            Self::Network => &[Part::Layers, Part::Picture],
            Self::Train => &[Part::Accuracy, Part::Loss, Part::Progress],
            Self::Results => &[Part::Confusion, Part::PerClass],
            Self::Activations => &[Part::Maps, Part::Image],
        }
    }

    /// The pane `steps` to the right, around the end.
    pub fn step(self, steps: isize) -> Self {
        let count = Self::ALL.len() as isize;
        Self::ALL[(self as isize + steps).rem_euclid(count) as usize]
    }
}

/// A part of a pane that can have the focus and fill the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Sets,
    Classes,
    Images,
    Layers,
    /// The network as feature volumes.
    Picture,
    Accuracy,
    Loss,
    Progress,
    Confusion,
    PerClass,
    Maps,
    Image,
}
