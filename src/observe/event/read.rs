//! The reader of event XML: what one element says, from a tree of it.

use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

use roxmltree::{Document, Node, ParsingOptions};

use super::pieces::{At, Piece, Pieces, Wrapper};
use super::{Event, EventError, EventFault, EventId, Part, Payload};
use crate::ids::VmId;
use crate::kvp::wmi::offset;
use crate::observe::value::When;
use crate::observe::wmi::masked;
use crate::time::Timestamp;

/// The largest event that is read, in bytes. Windows' own limit is 64 KB for what is logged; with
/// escapes and a rendered message it can be more.
pub const MAX_EVENT: usize = 1 << 20;
/// Keeps a hostile event from becoming a large tree.
const MAX_NODES: u32 = 1 << 16;
/// How much of the elements around an event is read with it, for the prefixes that they declare.
const MAX_AROUND: usize = 4096;

/// Reads a text that holds any number of events: one, several without a root as `wevtutil` writes
/// them, several within `Events`, several files one after the other.
///
/// An event that cannot be read is an error of its own, with its byte and line; the events before
/// and after it are read all the same. A blank text holds no events. Time is linear in the text.
///
/// ```
/// use avma::observe::event::{EventId, xml};
///
/// let one = "<Event><System><EventID>12310</EventID></System></Event>";
/// let text = format!("{one}<Event><System>{one}");
/// let read: Vec<_> = xml::events(&text).map(|event| event.map(|event| event.id)).collect();
/// assert_eq!(read[0], Ok(EventId::HOST));
/// assert!(read[1].is_err());
/// assert_eq!(read[2], Ok(EventId::HOST));
/// ```
pub fn events(text: &str) -> impl Iterator<Item = Result<Event, EventError>> {
    let mut pieces = Pieces::new(text);
    core::iter::from_fn(move || {
        let read = pieces
            .step()?
            .and_then(|piece| piece.read(&pieces.wrappers));
        Some(read.map_err(|fault| pieces.error(fault)))
    })
}

type Read<T> = Result<T, At<EventFault>>;

impl Piece<'_> {
    fn read(&self, wrappers: &[Wrapper<'_>]) -> Read<Event> {
        let got = self.text.len();
        if got > MAX_EVENT {
            let max = MAX_EVENT;
            return Err((self.start, EventFault::TooLarge { got, max }));
        }
        let document = match parse(self.text) {
            Err(roxmltree::Error::UnknownNamespace(..)) => return self.read_within(wrappers),
            read => read.map_err(|error| self.not_well_formed(self.text, 0, &error))?,
        };
        Tree {
            start: self.start,
            before: 0,
        }
        .event(document.root_element())
    }

    /// Reads the event with what is around it, where the prefixes that it uses are declared.
    fn read_within(&self, wrappers: &[Wrapper<'_>]) -> Read<Event> {
        let declaring = || wrappers.iter().filter(|w| w.tag.contains("xmlns:"));
        let mut text = String::new();
        for wrapper in declaring() {
            if text.len() + wrapper.tag.len() > MAX_AROUND {
                return Err((self.start, EventFault::Malformed));
            }
            text.push_str(wrapper.tag);
        }
        let before = text.len();
        text.push_str(self.text);
        for wrapper in declaring().rev() {
            text.push_str("</");
            text.push_str(wrapper.name());
            text.push('>');
        }
        let document = parse(&text).map_err(|error| self.not_well_formed(&text, before, &error))?;
        let tree = Tree {
            start: self.start,
            before,
        };
        let mut root = document.root_element();
        for _ in declaring() {
            root = root
                .first_element_child()
                .ok_or((self.start, EventFault::Malformed))?;
        }
        tree.event(root)
    }

    fn not_well_formed(
        &self,
        text: &str,
        before: usize,
        error: &roxmltree::Error,
    ) -> At<EventFault> {
        let within = offset(text, error.pos()).saturating_sub(before);
        let at = self.start + within.min(self.text.len());
        let fault = match error {
            roxmltree::Error::DtdDetected => EventFault::Dtd,
            roxmltree::Error::NonXmlChar(..) => EventFault::NotACharacter,
            _ => EventFault::Malformed,
        };
        (at, fault)
    }
}

fn parse(text: &str) -> Result<Document<'_>, roxmltree::Error> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
}

/// Where the tree of an event stands in the whole text.
struct Tree {
    start: usize,
    /// Bytes of what is around the event, in the text that was parsed.
    before: usize,
}

impl Tree {
    fn at(&self, node: Node<'_, '_>) -> usize {
        self.start + node.range().start.saturating_sub(self.before)
    }

    fn fault<T>(&self, node: Node<'_, '_>, fault: EventFault) -> Read<T> {
        Err((self.at(node), fault))
    }

    /// The only child of this name, whatever its namespace: exports may have lost it.
    fn child<'a, 'input>(
        &self,
        parent: Node<'a, 'input>,
        name: &'static str,
    ) -> Read<Option<Node<'a, 'input>>> {
        let mut found = elements(parent).filter(|child| child.tag_name().name() == name);
        let first = found.next();
        match found.next() {
            Some(second) => self.fault(second, EventFault::Twice(name)),
            None => Ok(first),
        }
    }

    fn text(&self, node: Node<'_, '_>, what: &'static str) -> Read<String> {
        let mut text = String::new();
        for part in node.children() {
            if part.is_element() {
                return self.fault(part, EventFault::Unexpected(what));
            }
            // A comment cuts the text in two; it is not part of it.
            if part.is_text() {
                text.push_str(part.text().unwrap_or_default());
            }
        }
        Ok(text)
    }

    fn child_text(&self, parent: Node<'_, '_>, name: &'static str) -> Read<Option<String>> {
        let child = self.child(parent, name)?;
        let text = child.map(|child| self.text(child, name)).transpose()?;
        Ok(text.map(|text| masked(text.into())))
    }

    /// A number; an element or attribute that is there and empty has none.
    fn number<T: FromStr>(
        &self,
        node: Node<'_, '_>,
        text: Option<&str>,
        what: &'static str,
    ) -> Read<Option<T>> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        // `parse` would take a sign, which none of them has.
        let digits = Some(text).filter(|text| !text.starts_with('+'));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(number) => Ok(Some(number)),
            None => self.fault(node, EventFault::Value(what)),
        }
    }

    fn child_number<T: FromStr>(
        &self,
        parent: Node<'_, '_>,
        name: &'static str,
    ) -> Read<Option<T>> {
        let Some(child) = self.child(parent, name)? else {
            return Ok(None);
        };
        let text = self.text(child, name)?;
        self.number(child, Some(&text), name)
    }

    fn attribute_number(
        &self,
        node: Option<Node<'_, '_>>,
        name: &'static str,
    ) -> Read<Option<u32>> {
        match node {
            Some(node) => self.number(node, node.attribute(name), name),
            None => Ok(None),
        }
    }

    fn event(&self, root: Node<'_, '_>) -> Read<Event> {
        let Some(system) = self.child(root, "System")? else {
            return self.fault(root, EventFault::Missing("System"));
        };
        let id = self.child(system, "EventID")?;
        let number = self.child_number(system, "EventID")?;
        let Some(number) = number else {
            return self.fault(id.unwrap_or(system), EventFault::Missing("EventID"));
        };
        let provider = self.child(system, "Provider")?;
        let of_provider = |name| {
            let text = provider.and_then(|provider| provider.attribute(name));
            text.map(|text| masked(text.into()))
        };
        let execution = self.child(system, "Execution")?;
        let rendered = self.child(root, "RenderingInfo")?;
        let message = rendered.map(|info| self.child_text(info, "Message"));
        Ok(Event {
            id: EventId(number),
            provider: of_provider("Name"),
            provider_guid: self.guid(provider)?,
            source_name: of_provider("EventSourceName"),
            qualifiers: self.attribute_number(id, "Qualifiers")?,
            version: self.child_number(system, "Version")?,
            level: self.child_number(system, "Level")?,
            task: self.child_number(system, "Task")?,
            opcode: self.child_number(system, "Opcode")?,
            keywords: self.keywords(system)?,
            time: self.time(system)?,
            record_id: self.child_number(system, "EventRecordID")?,
            process_id: self.attribute_number(execution, "ProcessID")?,
            thread_id: self.attribute_number(execution, "ThreadID")?,
            channel: self.child_text(system, "Channel")?,
            computer: self.child_text(system, "Computer")?,
            payload: self.payload(root)?,
            message: message.transpose()?.flatten(),
        })
    }

    fn guid(&self, provider: Option<Node<'_, '_>>) -> Read<Option<VmId>> {
        let Some(provider) = provider else {
            return Ok(None);
        };
        match provider.attribute("Guid").map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => match text.parse() {
                Ok(guid) => Ok(Some(guid)),
                Err(_) => self.fault(provider, EventFault::Value("Guid")),
            },
        }
    }

    fn keywords(&self, system: Node<'_, '_>) -> Read<Option<u64>> {
        const NAME: &str = "Keywords";
        let Some(child) = self.child(system, NAME)? else {
            return Ok(None);
        };
        let text = self.text(child, NAME)?;
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let digits = digits.filter(|digits| !digits.starts_with('+'));
        match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
            Some(keywords) => Ok(Some(keywords)),
            None => self.fault(child, EventFault::Value(NAME)),
        }
    }

    fn time(&self, system: Node<'_, '_>) -> Read<When> {
        const NAME: &str = "SystemTime";
        let Some(created) = self.child(system, "TimeCreated")? else {
            return Ok(When::Unknown);
        };
        let Some(text) = created.attribute(NAME) else {
            return Ok(When::Unknown);
        };
        // ISO 8601 alone, of the forms that a time can have elsewhere.
        let iso = text.trim().as_bytes().get(4) == Some(&b'-');
        match text.parse::<Timestamp>().ok().filter(|_| iso) {
            Some(time) if time.is_never() => Ok(When::Never),
            Some(time) => Ok(When::At(time)),
            None => self.fault(created, EventFault::Value(NAME)),
        }
    }

    fn payload(&self, root: Node<'_, '_>) -> Read<Payload> {
        const NAME: &str = "EventData";
        let others = [
            "UserData",
            "ProcessingErrorData",
            "DebugData",
            "BinaryEventData",
        ];
        let is_other = |node: &Node<'_, '_>| others.contains(&node.tag_name().name());
        if elements(root).any(|child| is_other(&child)) {
            let is_payload = |node: &Node<'_, '_>| is_other(node) || node.tag_name().name() == NAME;
            let mut all = String::new();
            for text in elements(root)
                .filter(is_payload)
                .flat_map(|child| child.descendants())
                .filter(Node::is_text)
                .filter_map(|node| node.text())
                .map(str::trim)
                .filter(|text| !text.is_empty())
            {
                if !all.is_empty() {
                    all.push(' ');
                }
                all.push_str(text);
            }
            return Ok(Payload::NotUnderstood(masked(all.into())));
        }
        let mut parts = Vec::new();
        let Some(data) = self.child(root, NAME)? else {
            return Ok(Payload::Parts(parts));
        };
        for child in data.children() {
            let stray = child.text().filter(|text| !text.trim().is_empty());
            match child.tag_name().name() {
                "Data" => parts.push(Part::Data {
                    name: child.attribute("Name").map(|name| masked(name.into())),
                    text: masked(self.text(child, "Data")?.into()),
                }),
                "Binary" => parts.push(Part::Binary(masked(self.text(child, "Binary")?.into()))),
                _ if child.is_element() || child.is_text() && stray.is_some() => {
                    return self.fault(child, EventFault::Unexpected(NAME));
                }
                _ => {}
            }
        }
        Ok(Payload::Parts(parts))
    }
}

fn elements<'a, 'input>(parent: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    parent.children().filter(Node::is_element)
}
