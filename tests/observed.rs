//! What an installed key is for a guest, and what a licence row says of its activation.

use avma::assess::{Guest, InstalledKey, Key, Observation, Seen};
use avma::catalog::keys;
use avma::{
    HResult, HostLicense, LicenseChannel, LicenseStatus, Product, Products, Release, Releases,
};

fn installed(last_five: &str) -> InstalledKey {
    InstalledKey::LastFive(last_five.parse().unwrap())
}

#[test]
fn every_published_key_on_every_guest() {
    for found in keys::published() {
        let key = InstalledKey::LastFive(found.key.last_five());
        for release in Release::ALL {
            for product in Product::ALL {
                let guest = Guest::new(*release, *product);
                let right = keys::key(*release, *product, keys::KeyChannel::Avma)
                    .is_some_and(|row| row.key == found.key);
                let expected = match (found.channel, found.product) {
                    (_, product) if product.edition().is_none() => Key::OtherGeneric,
                    (keys::KeyChannel::Gvlk, _) => Key::Gvlk,
                    _ if right => Key::Right,
                    _ => Key::OtherAvma,
                };
                assert_eq!(
                    key.answer(&guest),
                    expected,
                    "{} on {release} {product}",
                    found.key
                );
            }
        }
    }
}

#[test]
fn a_key_on_a_guest_that_is_not_fully_known() {
    // 17763 and Standard: one key for both candidates.
    let candidates = Releases::from(Release::Ws2019).union(Release::V1809.into());
    let guest = Guest::new(candidates, Product::Standard);
    assert_eq!(installed("4GF74").answer(&guest), Key::Right);
    assert_eq!(installed("78VHK").answer(&guest), Key::OtherAvma);
    // 2019 or 2022: right for one of them.
    let guest = Guest::new(
        Releases::from(Release::Ws2019).union(Release::Ws2022.into()),
        Product::Standard,
    );
    assert_eq!(installed("4GF74").answer(&guest), Key::Unknown);
    let guest = Guest::new(Release::Ws2022, Products::unknown());
    assert_eq!(installed("78VHK").answer(&guest), Key::Unknown);
    assert_eq!(installed("4GF74").answer(&guest), Key::OtherAvma);
    assert_eq!(installed("VMK7H").answer(&Guest::unknown()), Key::Gvlk);
    assert_eq!(installed("7XK2C").answer(&Guest::unknown()), Key::Unlisted);
    assert_eq!(InstalledKey::None.answer(&guest), Key::None);
    assert_eq!(InstalledKey::Unknown.answer(&guest), Key::Unknown);
}

#[test]
fn a_whole_key_tells_more_than_its_last_five() {
    let guest = Guest::new(Release::Ws2022, Product::Standard);
    let whole = |text: &str| InstalledKey::Whole(text.parse().unwrap()).answer(&guest);
    assert_eq!(whole("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK"), Key::Right);
    assert_eq!(whole("VDYBN-27WPP-V4HQT-9VMD4-VMK7H"), Key::Gvlk);
    // Ends like the right key, and is another one.
    assert_eq!(whole("FMT4H-4RD6P-M48YH-6YDK2-78VHK"), Key::Unlisted);
    assert_eq!(installed("78VHK").answer(&guest), Key::Right);
}

fn row(channel: Option<LicenseChannel>, status: Option<LicenseStatus>, key: InstalledKey) -> Seen {
    let mut observation = Observation::default();
    observation.channel = channel;
    observation.status = status;
    observation.key = key;
    observation.reason = Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
    observation.seen()
}

#[test]
fn what_was_seen() {
    use LicenseChannel as C;
    use LicenseStatus as S;
    let unknown = InstalledKey::Unknown;
    assert_eq!(row(None, None, unknown), Seen::Unknown);
    assert_eq!(row(Some(C::Avma), None, installed("78VHK")), Seen::Unknown);
    assert_eq!(row(Some(C::Avma), Some(S::Licensed), unknown), Seen::Avma);
    assert_eq!(
        row(Some(C::Evaluation), Some(S::Licensed), unknown),
        Seen::Evaluation
    );
    assert_eq!(
        row(Some(C::Unlisted), Some(S::Licensed), unknown),
        Seen::Unknown
    );
    for channel in [C::KmsClient, C::Mak, C::KmsHost, C::Retail, C::Oem] {
        assert_eq!(
            row(Some(channel), Some(S::Licensed), unknown),
            Seen::Other(channel)
        );
    }
    // Without the channel the published key tells it; a private one does not.
    assert_eq!(row(None, Some(S::Licensed), installed("78VHK")), Seen::Avma);
    assert_eq!(
        row(None, Some(S::Licensed), installed("VMK7H")),
        Seen::Other(C::KmsClient)
    );
    assert_eq!(
        row(None, Some(S::Licensed), installed("7XK2C")),
        Seen::Unknown
    );
    for status in S::ALL.iter().filter(|status| **status != S::Licensed) {
        let seen = row(Some(C::Avma), Some(*status), unknown);
        let reason = Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
        assert_eq!(
            seen,
            Seen::NotActivated {
                status: *status,
                reason
            }
        );
        assert_eq!((seen.as_str(), seen.reason()), ("not-activated", reason));
    }
    let slugs = [
        Seen::Avma,
        Seen::Other(C::Mak),
        Seen::Evaluation,
        Seen::Unknown,
    ]
    .map(Seen::as_str);
    assert_eq!(slugs, ["avma", "other", "not-activated", "unknown"]);
    assert_eq!(Seen::Avma.reason(), None);
    // An informational code is no reason.
    let mut observation = Observation::default();
    observation.status = Some(S::Notification);
    observation.reason = Some(HResult::TIMEBASED_VALIDITY_PERIOD);
    assert_eq!(observation.seen().reason(), None);
}

#[test]
fn what_a_license_status_means_for_a_host() {
    let expected = [
        (0, HostLicense::NotActivated),
        (1, HostLicense::Licensed),
        (2, HostLicense::Grace),
        (3, HostLicense::Grace),
        (4, HostLicense::Grace),
        (5, HostLicense::NotActivated),
        (6, HostLicense::Grace),
    ];
    for (code, license) in expected {
        let status = LicenseStatus::from_code(code).unwrap();
        assert_eq!((status.code(), HostLicense::from(status)), (code, license));
    }
    assert_eq!(LicenseStatus::from_code(7), None);
}

#[test]
fn channels_by_the_token_of_the_description() {
    use LicenseChannel as C;
    for (token, channel) in [
        ("VIRTUAL_MACHINE_ACTIVATION", C::Avma),
        ("VOLUME_KMSCLIENT", C::KmsClient),
        ("VOLUME_MAK", C::Mak),
        ("VOLUME_KMS_WS22", C::KmsHost),
        ("RETAIL", C::Retail),
        ("OEM_DM", C::Oem),
        ("OEM_SLP", C::Oem),
        ("TIMEBASED_EVAL", C::Evaluation),
        ("SOMETHING_NEW", C::Unlisted),
    ] {
        let text = format!("Windows(R) Operating System, {token} channel");
        assert_eq!(C::from_description(&text), Some(channel), "{token}");
    }
    // Localised words around the token change nothing; no token is no channel.
    assert_eq!(
        C::from_description("Système d’exploitation, canal RETAIL"),
        Some(C::Retail)
    );
    assert_eq!(C::from_description("Windows(R) Operating System"), None);
    assert_eq!(C::from_description(""), None);
    // A known token counts, whatever stands before it.
    assert_eq!(
        C::from_description("NEW_WORD, VOLUME_MAK channel"),
        Some(C::Mak)
    );
}

#[test]
fn what_the_rules_forbid_is_a_claim() {
    use avma::assess::{Host, Trust, assess};
    let mut observation = Observation::default();
    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    let on = |release: Release, observation: &Observation| {
        let host = Host::windows_server(release, Product::Datacenter).ready();
        assess(&host, &guest, observation).trust()
    };
    assert_eq!(on(Release::Ws2022, &observation), None);
    observation.channel = Some(LicenseChannel::Avma);
    observation.status = Some(LicenseStatus::Licensed);
    assert_eq!(on(Release::Ws2022, &observation), Some(Trust::Guest));
    assert_eq!(on(Release::Ws2019, &observation), Some(Trust::Claimed));
    // Not documented is not forbidden.
    assert_eq!(on(Release::V1909, &observation), Some(Trust::Guest));
    observation.channel = Some(LicenseChannel::Mak);
    assert_eq!(on(Release::Ws2019, &observation), Some(Trust::Guest));
    observation.status = Some(LicenseStatus::Notification);
    assert_eq!(on(Release::Ws2019, &observation), Some(Trust::Guest));
}
