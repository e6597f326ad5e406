//! The answer file of Windows Setup.

use core::fmt;

use crate::catalog::keys::{self, KeyChannel, KeyRow};
use crate::catalog::products::Product;
use crate::catalog::releases::Release;
use crate::plan::note;
use crate::word::words;

words! {
    /// When Setup shows its page for the product key; `Display` is the value in the file.
    pub enum WillShowUi ("WillShowUI value") {
        /// Always.
        Always = "always", "Always";
        /// Only if the key does not work: Setup's default.
        OnError = "on-error", "OnError";
        /// Never; Setup fails instead.
        Never = "never", "Never";
    }
}

/// Why there is no answer file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UnattendError {
    /// No such key is published, as for Essentials of Windows Server 2022.
    #[error("no {channel} is published for {release} {product}")]
    NoKey {
        /// The guest's release.
        release: Release,
        /// The guest's product.
        product: Product,
        /// The key that is missing.
        channel: KeyChannel,
    },
}

/// The settings of an answer file that give a guest its AVMA key.
///
/// Two keys may stand in it. The one of the pass `specialize` activates: the AVMA key. The one of the
/// pass `windowsPE` selects the image; that is the GVLK, since Setup refuses AVMA keys in some images.
///
/// Only for images of the licensed edition: an evaluation refuses the key, and then Setup fails.
/// `SkipAutoActivation` (Microsoft-Windows-Security-SPP-UX, `specialize`) must be absent or false.
/// The processor architecture is amd64; no AVMA key is published for another.
///
/// An Azure Edition guest needs more than a key; comments of XML in the file say what.
///
/// `Display` is the whole file; [`specialize`](Self::specialize) and [`windows_pe`](Self::windows_pe)
/// are the settings to put into another one.
///
/// ```
/// use avma::plan::{Unattend, WillShowUi};
/// use avma::{Product, Release};
///
/// let file = Unattend::for_guest(Release::Ws2022, Product::Standard)?
///     .selecting_image(WillShowUi::OnError)?;
/// assert!(file.to_string().contains("<ProductKey>YDFWN-MJ9JR-3DYRK-FXXRW-78VHK</ProductKey>"));
/// assert!(Unattend::for_guest(Release::Ws2022, Product::Essentials).is_err());
/// # Ok::<(), avma::plan::UnattendError>(())
/// ```
///
/// Source: Microsoft's Unattended Windows Setup Reference ([`crate::source::UNATTEND`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a text that is not written does nothing"]
pub struct Unattend {
    key: &'static KeyRow,
    image: Option<(&'static KeyRow, WillShowUi)>,
}

impl Unattend {
    /// For a guest of this release and product, without a key that selects the image.
    ///
    /// # Errors
    ///
    /// No AVMA key is published, as for `(Release::Ws2022, Product::Essentials)`.
    pub fn for_guest(release: Release, product: Product) -> Result<Self, UnattendError> {
        row(release, product, KeyChannel::Avma).map(Self::of)
    }

    pub(crate) const fn of(key: &'static KeyRow) -> Self {
        Self { key, image: None }
    }

    /// With the GVLK of the same guest to select the image.
    ///
    /// # Errors
    ///
    /// No GVLK is published. Every guest with an AVMA key has one.
    pub fn selecting_image(self, will_show_ui: WillShowUi) -> Result<Self, UnattendError> {
        let gvlk = row(self.key.release, self.key.product, KeyChannel::Gvlk)?;
        Ok(Self {
            image: Some((gvlk, will_show_ui)),
            ..self
        })
    }

    /// The AVMA key.
    pub const fn key(&self) -> &'static KeyRow {
        self.key
    }

    /// The settings of the pass `specialize`.
    pub fn specialize(&self) -> impl fmt::Display + use<> {
        Specialize(self.key)
    }

    /// The settings of the pass `windowsPE`, where a key selects the image.
    pub fn windows_pe(&self) -> Option<impl fmt::Display + use<>> {
        self.image.map(|(gvlk, ui)| WindowsPe(gvlk, ui))
    }
}

fn row(
    release: Release,
    product: Product,
    channel: KeyChannel,
) -> Result<&'static KeyRow, UnattendError> {
    keys::key(release, product, channel).ok_or(UnattendError::NoKey {
        release,
        product,
        channel,
    })
}

impl fmt::Display for Unattend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, r#"<?xml version="1.0" encoding="utf-8"?>"#)?;
        writeln!(
            f,
            r#"<unattend xmlns="urn:schemas-microsoft-com:unattend">"#
        )?;
        if let Some(settings) = self.windows_pe() {
            write!(f, "{settings}")?;
        }
        write!(f, "{}", self.specialize())?;
        writeln!(f, "</unattend>")
    }
}

/// What every component says of itself.
const ATTRIBUTES: &str = r#"processorArchitecture="amd64"
               publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS""#;

// Keys and the values of WillShowUI hold letters, digits and hyphens: nothing to escape.
struct Specialize(&'static KeyRow);

impl fmt::Display for Specialize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in note::of_avma_key(self.0).into_iter().flatten() {
            // No note holds two hyphens in a row, which would end an XML comment early.
            writeln!(f, "  <!-- {note} -->")?;
        }
        writeln!(
            f,
            r#"  <settings pass="specialize">
    <component name="Microsoft-Windows-Shell-Setup" {ATTRIBUTES}>
      <ProductKey>{}</ProductKey>
    </component>
  </settings>"#,
            self.0.key
        )
    }
}

struct WindowsPe(&'static KeyRow, WillShowUi);

impl fmt::Display for WindowsPe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            r#"  <settings pass="windowsPE">
    <component name="Microsoft-Windows-Setup" {ATTRIBUTES}>
      <UserData>
        <ProductKey>
          <Key>{}</Key>
          <WillShowUI>{}</WillShowUI>
        </ProductKey>
      </UserData>
    </component>
  </settings>"#,
            self.0.key, self.1
        )
    }
}
