//! A key that is not published never appears whole: not in `Debug`, `Display`, an error, a finding, a
//! report or JSON. One such key is planted wherever a text can be put in.

use std::fmt::Write;

use avma::assess::{Guest, Host, InstalledKey, Observation, assess};
use avma::catalog::keys;
use avma::catalog::mask::Masked;
use avma::kvp::ItemRef;
use avma::kvp::message::Pair;
use avma::kvp::text::Text;
use avma::plan::{Circumstances, plan};
use avma::repair::repair;
use avma::scan::{Places, Surroundings, scan};
use avma::{Clue, Identity, LastFive, Product, ProductKey, Release};

/// Well-formed, published nowhere.
const PLANTED: &str = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";

/// Every way in which the key can be written and still be read off.
#[track_caller]
fn hides(what: &str, text: &str) {
    let folded: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let key: String = PLANTED.chars().filter(|c| *c != '-').collect();
    assert!(
        !folded.to_ascii_uppercase().contains(&key),
        "{what} shows the planted key: {text}"
    );
}

#[test]
fn the_test_would_see_it() {
    let seen =
        std::panic::catch_unwind(|| hides("a text", &format!("x {} y", PLANTED.to_lowercase())));
    assert!(seen.is_err());
}

#[test]
fn keys_and_what_is_made_of_them() {
    let key = ProductKey::parse(PLANTED).unwrap();
    hides(
        "Debug of a key",
        &format!("{key:?} {:?} {:#?}", key.reveal(), Some(key)),
    );
    hides("Display of a key", &format!("{key}"));
    assert!(format!("{key}").ends_with("QXPNK"));
    hides(
        "an exchange",
        &format!(
            "{:?}",
            keys::exchange(&key, avma::Releases::unknown(), avma::Products::unknown())
        ),
    );
    for text in [
        PLANTED.to_owned(),
        PLANTED.to_lowercase(),
        PLANTED.replace('-', ""),
        format!("slmgr /ipk {PLANTED}"),
        format!("| Datacenter | {PLANTED} |"),
        format!("{PLANTED}X"),
        PLANTED.replace('-', "_"),
    ] {
        hides("Debug of a repair", &format!("{:?}", repair(&text)));
        let mut found = scan(&text);
        let all: Vec<_> = found.by_ref().collect();
        let places = Places::of(&text);
        hides("Debug of a scan", &format!("{found:?} {all:?} {places:?}"));
        for finding in &all {
            let around = Surroundings::of(&text, finding);
            let judgement = around.wanted.judge(finding);
            hides("a judged key", &format!("{around:?} {judgement:?}"));
        }
        hides(
            "an error of a key",
            &format!("{:?}", ProductKey::parse(&format!("{text}!"))),
        );
        hides(
            "an error of a last five",
            &format!("{:?}", LastFive::parse(&text)),
        );
        hides(
            "an error of a word",
            &format!("{:?}", text.parse::<Release>()),
        );
        hides(
            "an error of an HRESULT",
            &format!("{:?}", text.parse::<avma::HResult>()),
        );
        hides(
            "an error of a VM id",
            &format!("{:?}", text.parse::<avma::VmId>()),
        );
        hides(
            "an error of a time",
            &format!("{:?}", text.parse::<avma::time::Timestamp>()),
        );
        let identity =
            Identity::from_clues([Clue::Caption(&text), Clue::EditionId(&text), Clue::Sku(8)]);
        hides("an identity", &format!("{identity:?}"));
        identity
            .conflicts()
            .for_each(|conflict| hides("a conflict", &conflict.to_string()));
    }
}

#[test]
fn masked_texts_show_published_keys_only() {
    let published = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    let plain = PLANTED.replace('-', "");
    for (text, shown) in [
        (String::new(), String::new()),
        ("no key".to_owned(), "no key".to_owned()),
        (published.to_owned(), published.to_owned()),
        (
            PLANTED.to_owned(),
            "*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        (plain.clone(), "*****-*****-*****-*****-QXPNK".to_owned()),
        (
            format!("ä {published}, {PLANTED}; {PLANTED}."),
            format!("ä {published}, *****-*****-*****-*****-QXPNK; *****-*****-*****-*****-QXPNK."),
        ),
        // Six groups: five of them are a key. Letters and other marks do not hide one.
        (
            format!("A-{PLANTED}"),
            "A-*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        (
            format!("{PLANTED}-{published}"),
            format!("*****-*****-*****-*****-QXPNK-{published}"),
        ),
        (
            format!("v{PLANTED}old.json"),
            "v*****-*****-*****-*****-QXPNKold.json".to_owned(),
        ),
        (
            PLANTED.replace('-', " "),
            "*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        (
            PLANTED.replace('-', "_"),
            "*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        (
            PLANTED.replace('-', " \u{2013} "),
            "*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        (
            PLANTED.replace('-', "-\r\n"),
            "*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        (
            format!("\t{PLANTED}\n{PLANTED}"),
            "\t*****-*****-*****-*****-QXPNK\n*****-*****-*****-*****-QXPNK".to_owned(),
        ),
        // A longer gap parts two texts.
        (
            PLANTED.replacen('-', " -- ", 1),
            PLANTED.replacen('-', " -- ", 1),
        ),
        // Longer words, identifiers and digests are no keys.
        (format!("{plain}BB"), format!("{plain}BB")),
        (format!("BB{plain}"), format!("BB{plain}")),
        (
            "e3b0c44298fc1c149afbf4c8996fb924".to_owned(),
            "e3b0c44298fc1c149afbf4c8996fb924".to_owned(),
        ),
        (
            "a1a1a1a1-0000-4000-8000-000000000001".to_owned(),
            "a1a1a1a1-0000-4000-8000-000000000001".to_owned(),
        ),
        (
            "-----------------------------".to_owned(),
            "-----------------------------".to_owned(),
        ),
    ] {
        assert_eq!(Masked(&text).to_string(), shown);
        assert_eq!(format!("{:?}", Masked(&text)), format!("\"{shown}\""));
        assert_eq!(Masked(&text).is_needed(), text != shown);
    }
}

#[test]
fn assessments_and_plans() {
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive(ProductKey::parse(PLANTED).unwrap().last_five());
    let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    let assessment = assess(&host, &guest, &observation);
    let mut text = format!("{assessment:?}");
    for finding in assessment.findings() {
        write!(text, "{finding:?}").unwrap();
    }
    let plan = plan(&host, &guest, &observation, &Circumstances::default());
    write!(
        text,
        "{plan:?}{}{}{}",
        plan.slmgr(),
        plan.powershell(),
        plan.dism()
    )
    .unwrap();
    hides("an assessment or a plan", &text);
}

#[test]
fn key_value_texts() {
    let spellings = [
        PLANTED.to_owned(),
        PLANTED.to_lowercase(),
        PLANTED.replace('-', ""),
        PLANTED.replace('-', " "),
        PLANTED.replace('-', " - "),
        PLANTED.replace('-', "_"),
        PLANTED.replace('-', "\u{2013}"),
        format!("key{PLANTED}end").replace('-', " "),
        format!("the key is {PLANTED}, of the guest"),
    ];
    for text in spellings {
        let item = ItemRef::new(&text, &text);
        hides("Debug of an item", &format!("{item:?} {item:#?}"));
        let pair = Pair::new(text.as_str(), text.as_str());
        hides(
            "Debug of a pair",
            &format!("{pair:?} {:?}", Text::from(&*text)),
        );
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        hides("Debug of a text", &format!("{:?}", Text::lenient(&wide).0));
    }
    // Ordinary texts are shown.
    for text in [
        "Windows Server 2022 Datacenter",
        "10.0.20348",
        "hv01.example.test",
    ] {
        assert!(format!("{:?}", Text::from(text)).contains(text));
        assert!(format!("{:?}", ItemRef::new(text, "")).contains(text));
    }
}

#[cfg(all(feature = "serde", feature = "xml", feature = "observe"))]
mod inventories {
    use avma::observe::inventory::Inventory;
    use avma::observe::value::Value;
    use serde_json::{Value as Json, json};

    use super::{PLANTED, hides};

    /// Replaces every text and every property name in turn, one at a time.
    pub(super) fn plant(document: &Json, at: &mut usize) -> Json {
        let mut here = || {
            *at = at.wrapping_sub(1);
            *at == usize::MAX
        };
        match document {
            Json::String(text) => {
                // In place of the text, or within an item, as its data and as its name.
                let data = text.replace("core16.example.test", PLANTED);
                let name = text.replace("FullyQualifiedDomainName", PLANTED);
                let variants = [PLANTED.to_owned(), data, name];
                let chosen = variants.iter().find(|variant| *variant != text && here());
                chosen.map_or_else(|| document.clone(), |variant| json!(variant))
            }
            Json::Number(_) | Json::Bool(_) | Json::Null => {
                if here() {
                    json!(PLANTED)
                } else {
                    document.clone()
                }
            }
            Json::Array(list) => list.iter().map(|value| plant(value, at)).collect(),
            Json::Object(object) => object
                .iter()
                .map(|(name, value)| {
                    *at = at.wrapping_sub(1);
                    let name = if *at == usize::MAX {
                        PLANTED.to_owned()
                    } else {
                        name.clone()
                    };
                    (name, plant(value, at))
                })
                .collect(),
        }
    }

    #[test]
    fn a_key_anywhere_in_an_inventory_stays_hidden() {
        let host = include_bytes!("data/samples/host-one-vm.ps51.json");
        let guest = include_bytes!("data/samples/guest-avma.ps51.json");
        let mut planted = 0;
        for bytes in [host.as_slice(), guest] {
            let text = avma::encoding::decode(bytes).unwrap();
            let document: Json = serde_json::from_str(&text).unwrap();
            for place in 0.. {
                let mut at = place;
                let with_key = plant(&document, &mut at);
                if at != usize::MAX && at < usize::MAX / 2 {
                    break;
                }
                planted += 1;
                let value: Value = serde_json::from_value(with_key).unwrap();
                hides("Debug of a document", &format!("{value:?}"));
                let mut inventory = Inventory::new();
                inventory.add(&value);
                hides("Debug of an inventory", &format!("{inventory:?}"));
                let fleet = inventory.join();
                hides("Debug of a fleet", &format!("{fleet:#?}"));
                for fault in &fleet.faults {
                    hides("a fault", &fault.to_string());
                }
                for row in &fleet.vms {
                    let text = format!(
                        "{:?}{:?}{:?}",
                        row.identity(),
                        row.facts(),
                        row.observation()
                    );
                    hides("facts of a row", &text);
                }
            }
        }
        assert!(planted > 100, "only {planted} places");
    }

    #[test]
    fn key_value_items() {
        let xml = include_str!("data/kvp/xml/guest-item.xml");
        for planted in [
            xml.replace("Ready", PLANTED),
            xml.replace("Status", PLANTED),
        ] {
            assert!(planted.contains(PLANTED));
            let items: Vec<_> = avma::kvp::wmi::items(&planted).collect();
            assert!(items.iter().all(Result::is_ok));
            hides("Debug of items", &format!("{items:?}"));
            let broken = planted.replace("</INSTANCE>", "");
            hides(
                "errors of items",
                &format!("{:?}", avma::kvp::wmi::items(&broken).collect::<Vec<_>>()),
            );
        }
    }
}

#[cfg(all(feature = "serde", feature = "xml", feature = "observe"))]
mod events {
    use avma::observe::event::{Event, Part, Payload, xml};
    use avma::observe::inventory::Inventory;
    use avma::observe::value::{Value, When};
    use serde_json::Value as Json;

    use super::inventories::plant;
    use super::{PLANTED, hides};

    /// An event with a text wherever one can be.
    const EVENT: &str = "<Event xmlns='u'><System><Provider Name='TEXT' Guid='{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}' EventSourceName='Software Protection Platform Service'/>\
        <EventID Qualifiers='1'>12310</EventID><Version>0</Version><Keywords>0x0</Keywords><TimeCreated SystemTime='2025-11-24T00:58:11Z'/>\
        <EventRecordID>1</EventRecordID><Correlation ActivityID='TEXT'/><Execution ProcessID='2' ThreadID='3'/><Channel>TEXT</Channel>\
        <Computer>TEXT</Computer><Security UserID='TEXT'/></System><EventData Name='TEXT'><Data>TEXT</Data><Data Name='TEXT'>TEXT</Data>\
        <Binary>TEXT</Binary></EventData><RenderingInfo Culture='TEXT'><Message>TEXT</Message></RenderingInfo></Event>";

    fn spellings() -> [String; 6] {
        [
            PLANTED.to_owned(),
            PLANTED.to_lowercase(),
            PLANTED.replace('-', ""),
            PLANTED.replace('-', "&#45;"),
            PLANTED.replacen('-', "<!-- c -->-", 1),
            format!("<![CDATA[{PLANTED}]]>"),
        ]
    }

    fn all_of(inventory: Inventory) {
        hides("Debug of an inventory", &format!("{inventory:?}"));
        let fleet = inventory.join();
        hides("Debug of a fleet", &format!("{fleet:#?}"));
        for fault in &fleet.faults {
            hides("a fault", &fault.to_string());
        }
        for record in &fleet.events {
            if let Ok(text) = record.event.to_xml() {
                hides("a written event", &text);
            }
        }
    }

    #[test]
    fn a_key_anywhere_in_an_event_stays_hidden() {
        let places: Vec<usize> = EVENT.match_indices("TEXT").map(|(at, _)| at).collect();
        let values: Vec<usize> = EVENT
            .match_indices(['\'', '>'])
            .map(|(at, _)| at + 1)
            .collect();
        assert!(places.len() >= 12);
        for spelling in spellings() {
            for (at, len) in places
                .iter()
                .map(|at| (*at, 4))
                .chain(values.iter().map(|at| (*at, 0)))
            {
                let mut text = EVENT.to_owned();
                // Without hyphens a key is one as a word of its own only.
                text.replace_range(at..at + len, &format!(" {spelling} "));
                let read: Vec<_> = xml::events(&text).collect();
                hides("Debug of events", &format!("{read:?}"));
                let of_user = text.replace("EventData", "UserData");
                let of_user: Vec<_> = xml::events(&of_user).collect();
                hides("Debug of what is not understood", &format!("{of_user:?}"));
                let mut inventory = Inventory::new();
                inventory.add_events(read.into_iter().chain(of_user));
                all_of(inventory);
            }
        }
        let whole: Vec<_> = xml::events(&EVENT.replace("TEXT", PLANTED)).collect();
        let event = whole[0].as_ref().unwrap();
        // Not only shown so, but kept so.
        let masked = "*****-*****-*****-*****-QXPNK";
        let kept = [
            &event.provider,
            &event.channel,
            &event.computer,
            &event.message,
        ];
        assert!(kept.iter().all(|text| text.as_deref() == Some(masked)));
        let masked = || masked.to_owned();
        let parts = vec![
            Part::Data {
                name: None,
                text: masked(),
            },
            Part::Data {
                name: Some(masked()),
                text: masked(),
            },
            Part::Binary(masked()),
        ];
        assert_eq!(event.payload, Payload::Parts(parts));
        let text = event.to_xml().unwrap();
        hides("a written event", &text);
        assert_eq!(text.matches("*****-*****-*****-*****-QXPNK").count(), 8);
    }

    #[test]
    fn an_event_that_the_caller_made_hides_it_too() {
        let key = || Some(PLANTED.to_owned());
        let event = Event {
            provider: key(),
            source_name: key(),
            channel: key(),
            computer: key(),
            message: key(),
            payload: Payload::Parts(vec![
                Part::Data {
                    name: key(),
                    text: PLANTED.to_owned(),
                },
                Part::Binary(PLANTED.to_owned()),
            ]),
            ..Event::default()
        };
        hides("Debug of an event", &format!("{event:?} {event:#?}"));
        hides("a written event", &event.to_xml().unwrap());
        let other = Event {
            time: When::Undecided(PLANTED.to_owned()),
            payload: Payload::NotUnderstood(PLANTED.to_owned()),
            ..Event::default()
        };
        hides("Debug of an event", &format!("{other:?}"));
        hides("an error of the writer", &format!("{:?}", other.to_xml()));
    }

    #[test]
    fn a_key_anywhere_in_an_event_as_json_stays_hidden() {
        let bytes = include_bytes!("data/samples/events.ps51.json");
        let text = avma::encoding::decode(bytes).unwrap();
        let document: Json = serde_json::from_str(&text).unwrap();
        let mut planted = 0;
        for place in 0.. {
            let mut at = place;
            let with_key = plant(&document, &mut at);
            if at != usize::MAX && at < usize::MAX / 2 {
                break;
            }
            planted += 1;
            let value: Value = serde_json::from_value(with_key).unwrap();
            let mut inventory = Inventory::new();
            inventory.add(&value);
            all_of(inventory);
        }
        assert!(planted > 80, "only {planted} places");
    }
}
