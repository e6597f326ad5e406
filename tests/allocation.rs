//! Everything but the readers of inventories and XML allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::{self, Write};
use std::hint::black_box;

use avma::assess::{Guest, Host, HostFamily, InstalledKey, Observation, assess, next_fact};
use avma::catalog::hosts::{self, AzureLocalLicense};
use avma::catalog::keys::{self, KeyChannel};
use avma::kvp::ItemRef;
use avma::kvp::code::{Operation, Pool, status};
use avma::kvp::host::{Enumeration, Step};
use avma::kvp::message::{self, ItemRequest, Outcome, Pair, Reply, Request, Value, answer};
use avma::kvp::packet::{Envelope, Versions};
use avma::kvp::pool::{self, PoolFile};
use avma::kvp::wmi::DataItem;
use avma::kvp::{device, limits};
use avma::plan::{Circumstances, plan};
use avma::repair::repair;
use avma::scan::{Surroundings, scan};
use avma::time::Timestamp;
use avma::{
    AnyRelease, Clue, HResult, Identity, LicenseChannel, Possibility, Product, ProductKey, Release,
    VmId,
};

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes on to the system's allocator unchanged; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often the work allocates on this thread.
fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.with(Cell::get);
    work();
    COUNT.with(Cell::get) - before
}

/// Swallows text.
struct Sink;

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}

#[track_caller]
fn none(what: &str, work: impl FnOnce()) {
    assert_eq!(allocations(work), 0, "{what} allocates");
}

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(black_box(Box::new(1)))), 1);
    assert_eq!(allocations(|| drop(black_box(String::from("text")))), 1);
}

#[test]
fn words_and_values_allocate_nothing() {
    none("parsing", || {
        black_box("Windows Server 2012 R2".parse::<Release>()).ok();
        black_box("2021".parse::<Release>()).ok();
        black_box(ProductKey::parse("W3GNR-8DDXR-2TFRP-H8P33-DV9BG")).ok();
        black_box("0xC004FD02".parse::<HResult>()).ok();
        black_box("a1a1a1a1-0000-4000-8000-000000000001".parse::<VmId>()).ok();
        black_box("2025-11-24T02:14:05.1234567+01:00".parse::<Timestamp>()).ok();
        black_box(LicenseChannel::from_description("x, VOLUME_MAK channel"));
    });
    none("printing", || {
        let error = "2021".parse::<Release>().unwrap_err();
        write!(Sink, "{} {error} {}", Release::Ws2016, HResult(1)).unwrap();
        write!(Sink, "{} {}", VmId(1), Timestamp(0)).unwrap();
    });
}

#[test]
fn catalog_identity_and_repair_allocate_nothing() {
    none("key look-up", || {
        for release in Release::ALL {
            for product in Product::ALL {
                for channel in KeyChannel::ALL {
                    if let Some(row) = keys::key(*release, *product, *channel) {
                        black_box(keys::identify(row.key.key()));
                        black_box(keys::identify_last_five(row.key.last_five()));
                        black_box(keys::exchange(
                            row.key.key(),
                            (*release).into(),
                            (*product).into(),
                        ))
                        .ok();
                        write!(Sink, "{} {}", row.key, row.source).unwrap();
                    }
                }
            }
        }
    });
    none("host tables", || {
        for host in AnyRelease::ALL {
            for guest in AnyRelease::ALL {
                black_box(hosts::windows_server(*host, *guest, Product::Standard));
                black_box(hosts::azure_local(
                    AzureLocalLicense::Key2022,
                    *guest,
                    Product::Standard,
                ));
            }
        }
    });
    none("identity", || {
        let identity = Identity::from_clues([
            Clue::Caption("Microsoft Windows Server 2022 Datacenter Azure Edition"),
            Clue::EditionId("ServerTurbineCor"),
            Clue::ImageName("Windows Server 2022 SERVERTURBINECORE"),
            Clue::Sku(8),
            Clue::Build(20348),
            Clue::OsVersion("10.0.20348"),
            Clue::LicenseFamily("ServerTurbine"),
            Clue::ProductType(3),
            Clue::SuiteMask(400),
        ]);
        black_box((identity.avma_key(), identity.gvlk()));
        for conflict in identity.conflicts() {
            write!(Sink, "{conflict}").unwrap();
        }
    });
    none("scan", || {
        let text = "## Windows Server 2022\n| Standard | VDYBN 27WPP V4HQT 9VMD4 VMK7H |\n\
            RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
        for finding in scan(black_box(text)) {
            let around = Surroundings::of(text, &finding);
            black_box(around.wanted.judge(&finding));
        }
    });
    none("repair", || {
        for text in [
            "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
            "| Datacenter | Y4TGP-NPTV9-HTC2H-7MGQ3-BD4TW |",
            "TNK62 RXVTB-4P47B-2 D 623 4GF74",
            "K2XGM-NBT3-2R6Q8-WF2FK-P36R2",
            "*****-*****-*****-*****-4GF74",
            "nothing of the kind, in a line of ordinary text",
        ] {
            black_box(repair(text));
        }
    });
}

#[test]
fn assessment_and_plan_allocate_nothing() {
    let observation = {
        let mut observation = Observation::default();
        observation.key = InstalledKey::LastFive("VMK7H".parse().unwrap());
        observation.channel = Some(LicenseChannel::KmsClient);
        observation.status = Some(avma::LicenseStatus::Notification);
        observation
    };
    let hosts = [
        Host::windows_server(Release::Ws2022, Product::Datacenter).ready(),
        Host::windows_server(Release::Ws2019, Product::Datacenter).into(),
        Host::azure_local(AzureLocalLicense::Key2019).into(),
        HostFamily::AzureStackHub.into(),
        Host::Azure,
        Host::Unknown,
    ];
    let guests = [
        Guest::new(Release::Ws2022, Product::Standard).ready(),
        Guest::new(Release::Ws2022, Product::DatacenterAzureEdition),
        Guest::unknown(),
    ];
    none("assessment", || {
        for host in &hosts {
            for guest in &guests {
                let assessment = assess(host, guest, &observation);
                for finding in assessment.findings() {
                    write!(Sink, "{} {}", finding.rule.text, finding.source).unwrap();
                }
                black_box((assessment.can(), assessment.key(), assessment.seen()));
                black_box((assessment.missing(), assessment.basis()));
                black_box(next_fact(host, guest));
            }
        }
    });
    none("plans", || {
        for host in &hosts {
            for guest in &guests {
                let plan = plan(host, guest, &observation, &Circumstances::default());
                write!(Sink, "{}{}{}", plan.slmgr(), plan.powershell(), plan.dism()).unwrap();
                if let Some(unattend) = plan.unattend() {
                    write!(Sink, "{unattend}").unwrap();
                }
            }
        }
    });
}

/// Both roles of an exchange, over every kind of value, and the refusals.
#[test]
fn vmbus_messages_allocate_nothing() {
    let envelope = Envelope::from(Versions::LINUX);
    let (pool, mut packet) = (Pool::GUEST, [0xAA; message::LEN]);
    let values = [
        Value::Text("Grüße".into()),
        Value::Expand("%PATH%".into()),
        Value::U32(7),
        Value::U64(u64::MAX),
    ];
    none("a SET", || {
        for value in values {
            let pair = Pair::new("name", value);
            let set = ItemRequest::Set { pool, pair };
            set.encode(envelope, &mut packet).unwrap();
            black_box(Request::decode(&packet).unwrap());
            answer(&mut packet, &Outcome::Done).unwrap();
            black_box(Reply::decode(&packet, Operation::SET).unwrap());
        }
    });
    none("an enumeration", || {
        let mut enumeration = Enumeration::new(pool, envelope);
        loop {
            let waiting = enumeration.ask(&mut packet);
            let outcome = match Request::decode(&packet).unwrap().message {
                Request::Item(ItemRequest::Enumerate { index: 0..4, .. }) => {
                    Outcome::Pair(Pair::new("name", "value"))
                }
                _ => Outcome::Failed(status::NO_MORE_ITEMS),
            };
            answer(&mut packet, &outcome).unwrap();
            match waiting.reply(&packet) {
                Step::Item { pair, next, .. } => {
                    write!(Sink, "{} {pair:?}", pair.key).unwrap();
                    enumeration = next.expect("no limit is reached");
                }
                Step::End { count } => break assert_eq!(count, 4),
                step => panic!("{step:?}"),
            }
        }
    });
    none("refusals", || {
        for length in 0..packet.len() {
            let fault = Request::decode(&packet[..length]).unwrap_err();
            write!(Sink, "{fault} {fault:?}").unwrap();
            black_box(Reply::lenient(&packet[..length], Operation::GET)).ok();
        }
    });
}

#[test]
fn device_messages_pools_and_limits_allocate_nothing() {
    let mut bytes = [0xAA; device::MESSAGE_LEN];
    none("device messages", || {
        let text = device::Answer::Item {
            index: 3,
            key: "name".into(),
            value: "value".into(),
        };
        text.encode(&mut bytes).unwrap();
        black_box(device::Answer::decode(&bytes, Operation::ENUMERATE).unwrap());
        black_box(device::ToDaemon::decode(&bytes)).ok();
    });
    let file = [b'a'; 3 * pool::RECORD_LEN + 7];
    let mut edited = [0; 5 * pool::RECORD_LEN];
    none("pool files", || {
        let pool = PoolFile::new(&file);
        for record in pool.records() {
            black_box((record.item_lenient().ok(), record.is_stale()));
        }
        let edit = pool.upsert("name", "value", pool::Which::All).unwrap();
        black_box(edit.write(&mut edited).unwrap());
    });
    none("limits and WMI's text", || {
        let item = ItemRef::new("name", "a value & <more>").with_source(0);
        for profile in limits::Profile::ALL {
            black_box(limits::check(item, *profile)).ok();
        }
        for part in limits::split("name", "value", limits::Profile::Wire).unwrap() {
            write!(Sink, "{}{}", part.name(), part.value).unwrap();
        }
        write!(Sink, "{}", DataItem::try_from(item).unwrap()).unwrap();
    });
}

#[test]
fn steps_of_the_machines_allocate_nothing() {
    use avma::activation::guest::{self, Input, Output, Platform};
    use avma::activation::host;
    use avma::time::Instant;
    use avma::{HostId, LastFive};

    let (config, host_config) = (guest::Config::default(), host::Config::default());
    let facts = Guest::new(Release::Ws2022, Product::Standard).ready();
    let key = LastFive::parse("78VHK").unwrap();
    for release in [Release::Ws2022, Release::Ws2019] {
        let host = Host::windows_server(release, Product::Datacenter).ready();
        let (mut granted, mut refused) = (0, 0);
        let count = allocations(|| {
            let mut host = host::State::new(HostId(1), host);
            let guest = guest::State::new(VmId(1), facts, Platform::HyperV(HostId(1)));
            let mut guest = guest
                .step(&config, Instant(0), Input::KeyInstalled(key))
                .state;
            for now in 1..100 {
                let input = if now % 2 == 1 {
                    Input::Start
                } else {
                    Input::Stop
                };
                let step = guest.step(&config, Instant(now), input);
                let asked = step.outputs().find_map(|output| match output {
                    Output::Request(request) => Some(request),
                    _ => None,
                });
                guest = step.state;
                let Some(request) = asked else { continue };
                let answer = host.step(&host_config, Instant(now), host::Input::Request(request));
                for output in answer.outputs() {
                    if let host::Output::Reply(reply) = output {
                        let step = guest.step(&config, Instant(now), Input::Reply(reply));
                        guest = step.state;
                    }
                }
                host = answer.state;
                if guest.is_activated() {
                    granted += 1;
                } else {
                    refused += 1;
                }
            }
        });
        assert_eq!(count, 0);
        let expected = if release == Release::Ws2022 {
            (50, 0)
        } else {
            (0, 50)
        };
        assert_eq!((granted, refused), expected);
    }
    // What a driver of many machines keeps, in bytes.
    assert!(size_of::<guest::State>() <= 144);
    assert!(size_of::<guest::Step>() <= 192);
    assert!(size_of::<host::State>() <= 64);
    assert!(size_of::<host::Step>() <= 128);
    assert!(!std::mem::needs_drop::<guest::Step>() && !std::mem::needs_drop::<host::Step>());
}
