//! The literal table: a row a key.
//!
//! Everything that is a fact about a key stands in its row and nowhere else: its symbols, what it is
//! for, the releases that it serves with the text that says so, and its name where that is not made of
//! release and product.

use super::KeyChannel::{self, Avma, Gvlk};
use super::{KeyUse, PublishedKey};
use crate::catalog::products::Product::{
    self, AzureServer, Client, Datacenter, DatacenterAzureEdition, Enterprise, Essentials, Hpc,
    Itanium, MultiPointPremium, MultiPointStandard, Standard, Web,
};
use crate::catalog::releases::Release::{
    self, V20H2, V23H2, V1709, V1803, V1809, V1903, V1909, V2004, Ws2008R2, Ws2012, Ws2012R2,
    Ws2016, Ws2019, Ws2022, Ws2025,
};
use crate::catalog::releases::{AnyRelease, Releases};
use crate::product_key::ProductKey;
use crate::source::{AVMA_ARTICLE, AVMA_ARTICLE_2025, KMS_KEYS, KMS_KEYS_THIRD_PARTY, Source};

/// What is a fact about a key.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) key: PublishedKey,
    pub(super) channel: KeyChannel,
    pub(super) product: Product,
    /// The releases that it serves by [`source`](Self::source), of those that the crate models.
    releases: &'static [Release],
    source: Source,
    /// One release more, by another text.
    also: Option<(Release, Source)>,
    /// What the release of a system that the crate does not model may be.
    outside: Option<Releases>,
    /// The name that the list gives it, where it is not made of release and product.
    name: Option<&'static str>,
    /// Whether the key holds an `N`: those of Windows 8, Server 2012 and later hold exactly one.
    has_n: bool,
}

const fn row(text: &str, channel: KeyChannel, product: Product, source: Source) -> Row {
    match ProductKey::parse(text) {
        Ok(key) => Row {
            key: PublishedKey(key),
            channel,
            product,
            releases: &[],
            source,
            also: None,
            outside: None,
            name: None,
            has_n: true,
        },
        #[expect(
            clippy::panic,
            reason = "evaluated at compile time: a bad literal does not build"
        )]
        Err(_) => panic!("a key in the table is not a product key"),
    }
}

const fn avma(text: &str, product: Product, releases: &'static [Release]) -> Row {
    Row {
        releases,
        ..row(text, Avma, product, AVMA_ARTICLE)
    }
}

const fn gvlk(text: &str, product: Product, releases: &'static [Release]) -> Row {
    Row {
        releases,
        ..row(text, Gvlk, product, KMS_KEYS)
    }
}

/// A KMS client key of Windows Server 2008.
const fn older(text: &str, product: Product, name: &'static str) -> Row {
    Row {
        outside: Some(Releases::from_bits(1 << AnyRelease::Older.place())),
        name: Some(name),
        has_n: false,
        ..row(text, Gvlk, product, KMS_KEYS)
    }
}

/// A KMS client key of client Windows, which has other releases.
const fn client(text: &str, name: &'static str) -> Row {
    Row {
        outside: Some(Releases::unknown()),
        name: Some(name),
        ..row(text, Gvlk, Client, KMS_KEYS)
    }
}

impl Row {
    /// By another text than the list of its channel.
    const fn by(self, source: Source) -> Self {
        Self { source, ..self }
    }

    const fn also(self, release: Release, source: Source) -> Self {
        Self {
            also: Some((release, source)),
            ..self
        }
    }

    const fn named(self, name: &'static str) -> Self {
        Self {
            name: Some(name),
            ..self
        }
    }

    const fn without_n(self) -> Self {
        Self {
            has_n: false,
            ..self
        }
    }

    /// The text that names the key for a release, where one does.
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    pub(super) const fn source_for(&self, release: Release) -> Option<Source> {
        if let Some((also, source)) = self.also {
            if also as u8 == release as u8 {
                return Some(source);
            }
        }
        let mut place = 0;
        while place < self.releases.len() {
            if self.releases[place] as u8 == release as u8 {
                return Some(self.source);
            }
            place += 1;
        }
        None
    }

    /// How many releases it serves, of those that the crate models.
    pub(super) const fn count(&self) -> usize {
        self.releases.len() + self.also.is_some() as usize
    }

    /// What the key is, apart from its rows.
    pub(super) const fn to_use(self) -> KeyUse {
        let releases = match (self.outside, self.also) {
            (Some(outside), _) => outside,
            (None, Some((also, _))) => Releases::of(self.releases).union(Releases::of(&[also])),
            (None, None) => Releases::of(self.releases),
        };
        assert!(
            self.outside.is_some() == (self.count() == 0),
            "a key serves releases of the crate, or systems outside of it"
        );
        KeyUse {
            key: self.key,
            channel: self.channel,
            product: self.product,
            releases,
            source: self.source,
            name: self.name,
        }
    }

    /// Whether the key holds as many `N` as its row says.
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    const fn is_of_its_generation(&self) -> bool {
        let symbols = self.key.0.symbols();
        let (mut place, mut count) = (0, 0);
        while place < symbols.len() {
            count += (symbols[place] == b'N') as u8;
            place += 1;
        }
        count == self.has_n as u8
    }
}

/// Every key: AVMA keys, then KMS client keys of servers, of Windows Server 2008 and of clients.
#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    avma("YQB4H-NKHHJ-Q6K4R-4VMY6-VCH67", Datacenter, &[Ws2025]).by(AVMA_ARTICLE_2025),
    avma("6NMQ9-T38WF-6MFGM-QYGYM-88J4F", DatacenterAzureEdition, &[Ws2025]).by(AVMA_ARTICLE_2025),
    avma("WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4", Standard, &[Ws2025]).by(AVMA_ARTICLE_2025),
    avma("W3GNR-8DDXR-2TFRP-H8P33-DV9BG", Datacenter, &[Ws2022]),
    avma("F7TB6-YKN8Y-FCC6R-KQ484-VMK3J", DatacenterAzureEdition, &[Ws2022]),
    avma("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK", Standard, &[Ws2022]),
    avma("H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW", Datacenter, &[V1909, V1903, V1809, Ws2019]),
    avma("TNK62-RXVTB-4P47B-2D623-4GF74", Standard, &[V1909, V1903, V1809, Ws2019]),
    avma("2CTP7-NHT64-BP62M-FV6GG-HFV28", Essentials, &[Ws2019]),
    avma("TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J", Datacenter, &[V1803, V1709, Ws2016]),
    avma("C3RCX-M6NRP-6CXC9-TW2F2-4RHYD", Standard, &[V1803, V1709, Ws2016]),
    avma("B4YNW-62DX9-W8V6M-82649-MHBKQ", Essentials, &[Ws2016]),
    avma("Y4TGP-NPTV9-HTC2H-7MGQ3-DV4TW", Datacenter, &[Ws2012R2]),
    avma("DBGBW-NPF86-BJVTX-K3WKJ-MTB6V", Standard, &[Ws2012R2]),
    avma("K2XGM-NMBT3-2R6Q8-WF2FK-P36R2", Essentials, &[Ws2012R2]),
    gvlk("D764K-2NDRG-47T6Q-P8T8W-YP6DF", Datacenter, &[Ws2025]),
    gvlk("XGN3F-F394H-FD2MY-PP6FD-8MCRC", DatacenterAzureEdition, &[Ws2025]),
    gvlk("TVRH6-WHNXV-R9WG3-9XRFY-MY832", Standard, &[Ws2025]),
    gvlk("FCNV3-279Q9-BQB46-FTKXX-9HPRH", AzureServer, &[Ws2025]).by(KMS_KEYS_THIRD_PARTY),
    gvlk("WX4NM-KYWYW-QJJR4-XV3QB-6VM33", Datacenter, &[Ws2022]).also(V23H2, KMS_KEYS_THIRD_PARTY),
    gvlk("NTBV8-9K7Q8-V27C6-M2BTV-KHMXV", DatacenterAzureEdition, &[Ws2022]),
    gvlk("VDYBN-27WPP-V4HQT-9VMD4-VMK7H", Standard, &[Ws2022]),
    gvlk("6N379-GGTMK-23C6M-XVVTC-CKFRQ", AzureServer, &[Ws2022]).by(KMS_KEYS_THIRD_PARTY),
    gvlk("6NMRW-2C8FM-D24W7-TQWMY-CWH2D", Datacenter, &[V20H2, V2004, V1909, V1903, V1809]),
    gvlk("N2KJX-J94YW-TQVFB-DG9YT-724CC", Standard, &[V20H2, V2004, V1909, V1903, V1809]),
    gvlk("WMDGN-G9PQG-XVVXX-R3X43-63DFG", Datacenter, &[Ws2019]),
    gvlk("N69G4-B89J2-4G8F4-WWYCC-J464C", Standard, &[Ws2019]),
    gvlk("WVDHN-86M7X-466P6-VHXV7-YY726", Essentials, &[Ws2019]),
    gvlk("2HXDN-KRXHB-GPYC7-YCKFJ-7FVDG", Datacenter, &[V1803]),
    gvlk("PTXN8-JFHJM-4WC78-MPCBR-9W4KR", Standard, &[V1803]),
    gvlk("6Y6KB-N82V8-D8CQV-23MJW-BWTG6", Datacenter, &[V1709]),
    gvlk("DPCNP-XQFKJ-BJF7R-FRC8D-GF6G4", Standard, &[V1709]),
    gvlk("CB7KF-BWN84-R7R2Y-793K2-8XDDG", Datacenter, &[Ws2016]),
    gvlk("WC2BQ-8NRM3-FDDYY-2BFGV-KHKQY", Standard, &[Ws2016]),
    gvlk("JCKRF-N37P4-C2D82-9YXRT-4M63B", Essentials, &[Ws2016]),
    gvlk("W3GGN-FT8W3-Y4M27-J84CP-Q3VJ9", Datacenter, &[Ws2012R2]),
    gvlk("D2N9P-3P6X9-2R39C-7RTCD-MDVJX", Standard, &[Ws2012R2]),
    gvlk("KNC87-3J2TX-XB4WP-VCPJV-M4FWM", Essentials, &[Ws2012R2]),
    gvlk("48HP8-DN98B-MYWDG-T2DCC-8W83P", Datacenter, &[Ws2012]),
    gvlk("XC9B7-NBPP2-83J2H-RHMBY-92BT4", Standard, &[Ws2012]),
    gvlk("HTDQM-NBMMG-KGYDT-2DTKT-J2MPV", Essentials, &[Ws2012]),
    gvlk("HM7DN-YVMH3-46JC3-XYTG7-CYQJJ", MultiPointStandard, &[Ws2012]).named("Windows Server 2012 MultiPoint Standard"),
    gvlk("XNH6W-2V9GX-RGJ4K-Y8X6F-QGJ2G", MultiPointPremium, &[Ws2012]).named("Windows Server 2012 MultiPoint Premium"),
    gvlk("74YFP-3QFB3-KQT8W-PMXWJ-7M648", Datacenter, &[Ws2008R2]).without_n(),
    gvlk("YC6KT-GKW9T-YTKYR-T4X34-R7VHC", Standard, &[Ws2008R2]).without_n(),
    gvlk("489J6-VHDMP-X63PK-3K798-CPX3Y", Enterprise, &[Ws2008R2]).without_n(),
    gvlk("6TPJF-RBVHG-WBW2R-86QPH-6RTM4", Web, &[Ws2008R2]).named("Windows Server 2008 R2 Web").without_n(),
    gvlk("TT8MH-CG224-D3D7Q-498W2-9QCTX", Hpc, &[Ws2008R2]).named("Windows Server 2008 R2 HPC edition").without_n(),
    gvlk("GT63C-RJFQ3-4GMB6-BRFB9-CB83V", Itanium, &[Ws2008R2]).named("Windows Server 2008 R2 for Itanium-based Systems").without_n(),
    older("7M67G-PC374-GR742-YH8V4-TCBY3", Datacenter, "Windows Server 2008 Datacenter"),
    older("22XQ2-VRXRG-P8D42-K34TD-G3QQC", Datacenter, "Windows Server 2008 Datacenter without Hyper-V"),
    older("TM24T-X9RMF-VWXK6-X8JC9-BFGM2", Standard, "Windows Server 2008 Standard"),
    older("W7VD6-7JFBR-RX26B-YKQ3Y-6FFFJ", Standard, "Windows Server 2008 Standard without Hyper-V"),
    older("YQGMW-MPWTJ-34KDK-48M3W-X4Q6V", Enterprise, "Windows Server 2008 Enterprise"),
    older("39BXF-X8Q23-P2WWT-38T2F-G3FPG", Enterprise, "Windows Server 2008 Enterprise without Hyper-V"),
    older("RCTX3-KWVHP-BR6TB-RB6DM-6X7HP", Hpc, "Windows Server 2008 HPC"),
    older("4DWFP-JF3DJ-B7DTH-78FJB-PDRHK", Itanium, "Windows Server 2008 for Itanium-Based Systems"),
    older("WYR28-R7TFJ-3X2YQ-YCY4H-M249D", Web, "Windows Web Server 2008"),
    client("W269N-WFGWX-YVC9B-4J6C9-T83GX", "Windows 11 Pro; Windows 10 Pro"),
    client("MH37W-N47XK-V7XM9-C7227-GCQG9", "Windows 11 Pro N; Windows 10 Pro N"),
    client("NRG8B-VKK3Q-CXVCJ-9G2XF-6Q84J", "Windows 11 Pro for Workstations; Windows 10 Pro for Workstations"),
    client("9FNHH-K3HBT-3W4TD-6383H-6XYWF", "Windows 11 Pro for Workstations N; Windows 10 Pro for Workstations N"),
    client("6TP4R-GNPTD-KYYHQ-7B7DP-J447Y", "Windows 11 Pro Education; Windows 10 Pro Education"),
    client("YVWGF-BXNMC-HTQYQ-CPQ99-66QFC", "Windows 11 Pro Education N; Windows 10 Pro Education N"),
    client("NW6C2-QMPVW-D7KKK-3GKT6-VCFB2", "Windows 11 Education; Windows 10 Education"),
    client("2WH4N-8QGBV-H22JP-CT43Q-MDWWJ", "Windows 11 Education N; Windows 10 Education N"),
    client("NPPR9-FWDCX-D2C8J-H872K-2YT43", "Windows 11 Enterprise; Windows 10 Enterprise"),
    client("DPH2V-TTNVB-4X9Q3-TJR4H-KHJW4", "Windows 11 Enterprise N; Windows 10 Enterprise N"),
    client("YYVX9-NTFWV-6MDM3-9PT4T-4M68B", "Windows 11 Enterprise G; Windows 10 Enterprise G"),
    client("44RPN-FTY23-9VTTB-MP9BX-T84FV", "Windows 11 Enterprise G N; Windows 10 Enterprise G N"),
    client("M7XTQ-FN8P6-TTKYV-9D4CC-J462D", "Windows 11 Enterprise LTSC 2024; Windows 10 Enterprise LTSC 2021; Windows 10 Enterprise LTSC 2019"),
    client("92NFX-8DJQP-P6BBQ-THF9C-7CG2H", "Windows 11 Enterprise N LTSC 2024; Windows 10 Enterprise N LTSC 2021; Windows 10 Enterprise N LTSC 2019"),
    client("KBN8V-HFGQ4-MGXVD-347P6-PDQGT", "Windows IoT Enterprise LTSC 2024; Windows IoT Enterprise LTSC 2021"),
    client("DCPHK-NFMTC-H88MJ-PFHPY-QJ4BJ", "Windows 10 Enterprise LTSB 2016"),
    client("QFFDN-GRT3P-VKWWX-X7T3R-8B639", "Windows 10 Enterprise N LTSB 2016"),
    client("WNMTR-4C88C-JK8YV-HQ7T2-76DF9", "Windows 10 Enterprise LTSB 2015"),
    client("2F77B-TNFGY-69QQF-B8YKP-D69TJ", "Windows 10 Enterprise N LTSB 2015"),
    client("GCRJD-8NW9H-F2CDX-CCM8D-9D6T9", "Windows 8.1 Pro"),
    client("HMCNV-VVBFX-7HMBH-CTY9B-B4FXY", "Windows 8.1 Pro N"),
    client("MHF9N-XY6XB-WVXMC-BTDCT-MKKG7", "Windows 8.1 Enterprise"),
    client("TT4HM-HN7YT-62K67-RGRQJ-JFFXW", "Windows 8.1 Enterprise N"),
    client("NG4HW-VH26C-733KW-K6F98-J8CK4", "Windows 8 Pro"),
    client("XCVCF-2NXM9-723PB-MHCB7-2RYQQ", "Windows 8 Pro N"),
    client("32JNW-9KQ84-P47T8-D8GGY-CWCK7", "Windows 8 Enterprise"),
    client("JMNMF-RHW7P-DMY6X-RF3DR-X2BQT", "Windows 8 Enterprise N"),
    client("FJ82H-XT6CR-J8D7P-XQJJ2-GPDD4", "Windows 7 Professional").without_n(),
    client("MRPKT-YTG23-K7D7T-X2JMM-QY7MG", "Windows 7 Professional N").without_n(),
    client("W82YF-2Q76Y-63HXB-FGJG9-GF7QX", "Windows 7 Professional E").without_n(),
    client("33PXH-7Y6KF-2VJC9-XBBR8-HVTHH", "Windows 7 Enterprise").without_n(),
    client("YDRBP-3D83W-TY26F-D46B2-XCKRJ", "Windows 7 Enterprise N").without_n(),
    client("C29WB-22CC8-VJ326-GHFJW-H9DH4", "Windows 7 Enterprise E").without_n(),
    client("YFKBB-PQJJV-G996G-VWGXY-2V3X8", "Windows Vista Business").without_n(),
    client("HMBQG-8H2RH-C77VX-27R82-VMQBT", "Windows Vista Business N").without_n(),
    client("VKK3X-68KWM-X2YGT-QR4M6-4BWMV", "Windows Vista Enterprise").without_n(),
    client("VTC42-BM838-43QHV-84HX6-XJXKV", "Windows Vista Enterprise N").without_n(),
];

/// Any two keys differ in so many places at least: 2016 Essentials and Windows 11 Enterprise G.
const LEAST_DISTANCE: u32 = 17;

// What identification and repair rely on.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let (mut a, mut least) = (0, u32::MAX);
    while a < TABLE.len() {
        let row = &TABLE[a];
        assert!(
            row.is_of_its_generation(),
            "a key of Windows 8, Server 2012 or later holds exactly one N, an older one none"
        );
        let mut b = a + 1;
        while b < TABLE.len() {
            let other = &TABLE[b].key.0;
            let distance = row.key.0.distance(other);
            assert!(distance > 0, "a key stands twice");
            if distance < least {
                least = distance;
            }
            assert!(
                row.key.last_five().packed() != other.last_five().packed(),
                "the last five symbols do not name the key"
            );
            b += 1;
        }
        a += 1;
    }
    assert!(
        least == LEAST_DISTANCE,
        "`LEAST_DISTANCE` is not the least distance of two keys"
    );
};
