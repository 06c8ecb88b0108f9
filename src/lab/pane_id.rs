//! The panes by their names, and the parts that the focus walks through.

use crate::ui::around;

/// Every pane, in the order of their numbers: its name, its folder in `panes/` and its type, the parts that Tab goes through, and what it
/// is for, in half a sentence. What needs all panes is made of this list.
macro_rules! panes {
    ($make:ident) => {
        $make! {
            Data: data::DataPane [Sets, Classes] "the loaded sets, their classes and counts; opening, fetching and making others";
            View: view::ViewPane [Images] "the images of the chosen set";
            Network: network::NetworkPane [Layers, Picture] "the layers, their shapes and parameters";
            Train: train::TrainPane [Accuracy, Loss, Progress] "train the network and watch the curves";
            Results: results::ResultsPane [Confusion, PerClass] "which classes the network takes for which";
            Activations: activations::ActivationsPane [Maps, Image] "what each layer makes of an image";
        }
    };
}
pub(crate) use panes;

macro_rules! ids {
    ($($id:ident: $folder:ident::$pane:ident [$($part:ident),+] $about:literal;)+) => {
        /// A pane, in the order of their numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PaneId {
            $($id),+
        }

        /// A part of a pane that can have the focus and fill the screen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Part {
            $($($part),+),+
        }

        impl PaneId {
            pub const ALL: &[Self] = &[$(Self::$id),+];

            /// In the tab bar.
            pub fn title(self) -> &'static str {
                [$(stringify!($id)),+][self as usize]
            }

            /// What it is for, in half a sentence.
            pub fn about(self) -> &'static str {
                [$($about),+][self as usize]
            }

            /// The name of the action that shows it: `pane.data`.
            pub fn action(self) -> &'static str {
                [$(concat!("pane.", stringify!($folder))),+][self as usize]
            }

            /// The parts that can have the focus, in the order of Tab.
            pub fn parts(self) -> &'static [Part] {
                [$(&[$(Part::$part),+][..]),+][self as usize]
            }
        }
    };
}
panes!(ids);

impl PaneId {
    /// The pane `steps` to the right, around the end.
    pub fn step(self, steps: isize) -> Self {
        Self::ALL[around(self as usize, steps, Self::ALL.len())]
    }
}
