//! Items in CIM-XML.

/// Why a text is not one `Msvm_KvpExchangeDataItem` in CIM-XML.
///
/// `at` is the byte of the whole text that was handed in, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum WmiItemError {
    /// No XML at all, as in `pas du xml` or an empty text where one item is asked for.
    #[error("byte {at}: not XML")]
    NotXml {
        /// Where the other text begins.
        at: usize,
    },
    /// XML that is not well formed, as in an item that is cut off, or with an unknown entity.
    #[error("byte {at}: the XML is not well formed or cut off")]
    Malformed {
        /// Where it stops being well formed.
        at: usize,
    },
    /// A document type declaration. WMI never writes one; entities could grow without bounds.
    #[error("byte {at}: a document type declaration is refused")]
    Dtd {
        /// Where the declaration begins.
        at: usize,
    },
    /// A reference to what is no character, as in `&#xD800;` (half of a surrogate pair) or `&#0;`.
    #[error("byte {at}: a reference to what is not a character")]
    NotACharacter {
        /// Where the reference begins.
        at: usize,
    },
    /// An instance of another class, as in `<INSTANCE CLASSNAME="Msvm_ComputerSystem">`, or another
    /// element.
    #[error("byte {at}: not an instance of Msvm_KvpExchangeDataItem")]
    OtherClass {
        /// Where the element begins.
        at: usize,
    },
    /// An instance whose `Name` is missing, NULL or empty.
    #[error("byte {at}: the item has no Name")]
    NoName {
        /// Where the instance begins.
        at: usize,
    },
    /// A property that is given twice; which one counts cannot be told.
    #[error("byte {at}: a property is given twice")]
    Twice {
        /// Where the second one begins.
        at: usize,
    },
    /// A `Source` that is no number of 16 bits, as in `<VALUE>two</VALUE>`.
    #[error("byte {at}: Source is not a number from 0 to 65535")]
    Source {
        /// Where the property begins.
        at: usize,
    },
    /// An item larger than any that WMI writes.
    #[error("byte {at}: the item has {got} bytes, at most {max} are read")]
    TooLarge {
        /// Where the item begins.
        at: usize,
        /// The bytes of the item.
        got: usize,
        /// The bytes that are read.
        max: usize,
    },
    /// Elements within elements, deeper than CIM-XML has them.
    #[error("byte {at}: more than {max} elements within each other")]
    TooDeep {
        /// Where the element too deep begins.
        at: usize,
        /// The depth that is read.
        max: usize,
    },
    /// Several items where one is asked for.
    #[error("byte {at}: a second item")]
    Several {
        /// Where the second one begins.
        at: usize,
    },
}

impl WmiItemError {
    /// The byte of the fault.
    pub const fn at(self) -> usize {
        match self {
            Self::NotXml { at }
            | Self::Malformed { at }
            | Self::Dtd { at }
            | Self::NotACharacter { at }
            | Self::OtherClass { at }
            | Self::NoName { at }
            | Self::Twice { at }
            | Self::Source { at }
            | Self::TooLarge { at, .. }
            | Self::TooDeep { at, .. }
            | Self::Several { at } => at,
        }
    }
}

/// Why a name and a value are not written as an item in CIM-XML.
///
/// `at` is the byte of the name or the value, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DataItemError {
    /// The name is empty: `DataItem::new("", "value", None)`.
    #[error("an item without a name")]
    NoName,
    /// The name holds a character that XML 1.0 cannot carry, not even as a reference, as in
    /// `"a\u{1}"`.
    #[error("byte {at} of the name: XML cannot carry U+{:04X}", u32::from(*.character))]
    Name {
        /// Where the character begins.
        at: usize,
        /// The character.
        character: char,
    },
    /// The value holds such a character, as in `"\u{FFFE}"`.
    #[error("byte {at} of the data: XML cannot carry U+{:04X}", u32::from(*.character))]
    Data {
        /// Where the character begins.
        at: usize,
        /// The character.
        character: char,
    },
}

/// Why items are not the array of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DataItemsError {
    /// No items at all.
    #[error("a call without items")]
    None,
    /// More items than a host takes at once.
    #[error("{got} items, at most {max} in one call")]
    TooMany {
        /// The items that were given.
        got: usize,
        /// The items of one call.
        max: usize,
    },
}
