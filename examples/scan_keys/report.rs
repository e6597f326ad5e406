//! What every form of report does.

use std::io::{self, Write};

use crate::Total;
use crate::found::Key;

pub trait Report {
    /// A key, as it is found.
    fn key(&mut self, key: &Key<'_>, out: &mut dyn Write) -> io::Result<()>;

    /// A file or folder that cannot be read.
    fn fault(&mut self, file: &str, message: &str, out: &mut dyn Write) -> io::Result<()>;

    /// The end.
    fn finish(&mut self, total: &Total, out: &mut dyn Write) -> io::Result<()>;
}
