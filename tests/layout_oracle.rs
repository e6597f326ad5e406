//! Offsets and sizes, against those that the system's C compiler gives for `<linux/hyperv.h>`.
//!
//! Where there is no `cc` or no such header the test says so and checks nothing.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use avma::kvp::device::field as d;
use avma::kvp::message::field as m;
use avma::kvp::message::{self, ip, value};
use avma::kvp::packet::field as p;
use avma::kvp::{device, packet, pool};

/// The headers of the integration components are not in the header for programs: as in Linux
/// `include/linux/hyperv.h`.
const KERNEL_ONLY: &str = "
struct vmbuspipe_hdr { __u32 flags; __u32 msgsize; } __attribute__((packed));
struct ic_version { __u16 major; __u16 minor; } __attribute__((packed));
struct icmsg_hdr {
    struct ic_version icverframe; __u16 icmsgtype; struct ic_version icvermsg; __u16 icmsgsize;
    __u32 status; __u8 ictransaction_id; __u8 icflags; __u8 reserved[2];
} __attribute__((packed));
struct icmsg_negotiate {
    __u16 icframe_vercnt; __u16 icmsg_vercnt; __u32 reserved; struct ic_version icversion_data[];
} __attribute__((packed));
";

/// (structure, its size, fields with their offset and size).
type Row = (&'static str, usize, &'static [(&'static str, usize, usize)]);

const PIPE: usize = packet::PIPE_HEADER_LEN;

/// What the crate says of packets and messages on VMBus; the C names are those of the headers.
#[rustfmt::skip]
const WIRE: &[Row] = &[
    ("struct vmbuspipe_hdr", PIPE, &[
        ("flags", p::PIPE_TYPE, 4),
        ("msgsize", p::PIPE_SIZE, 4),
    ]),
    ("struct icmsg_hdr", packet::HEADER_LEN - PIPE, &[
        ("icverframe", p::FRAMEWORK - PIPE, 4),
        ("icmsgtype", p::MESSAGE_TYPE - PIPE, 2),
        ("icvermsg", p::VERSION - PIPE, 4),
        ("icmsgsize", p::BODY_SIZE - PIPE, 2),
        ("status", p::STATUS - PIPE, 4),
        ("ictransaction_id", p::TRANSACTION - PIPE, 1),
        ("icflags", p::FLAGS - PIPE, 1),
        ("reserved", p::RESERVED - PIPE, 2),
    ]),
    ("struct icmsg_negotiate", 8, &[
        ("icframe_vercnt", 0, 2),
        ("icmsg_vercnt", 2, 2),
        ("reserved", 4, 4),
    ]),
    ("struct hv_kvp_hdr", m::VALUE_BLOCK, &[
        ("operation", m::OPERATION, 1),
        ("pool", m::POOL, 1),
        ("pad", m::PAD, 2),
    ]),
    ("struct hv_kvp_exchg_msg_value", value::LEN, &[
        ("value_type", value::field::VALUE_TYPE, 4),
        ("key_size", value::field::KEY_SIZE, 4),
        ("value_size", value::field::VALUE_SIZE, 4),
        ("key", value::field::KEY, value::KEY_LEN),
        ("value", value::field::VALUE, value::VALUE_LEN),
        ("value_u32", value::field::VALUE, 4),
        ("value_u64", value::field::VALUE, 8),
    ]),
    ("struct hv_kvp_msg_get", value::LEN, &[("data", 0, value::LEN)]),
    ("struct hv_kvp_msg_set", value::LEN, &[("data", 0, value::LEN)]),
    ("struct hv_kvp_msg_enumerate", message::BODY_LEN - m::INDEX, &[
        ("index", 0, 4),
        ("data", m::ENUMERATE_BLOCK - m::INDEX, value::LEN),
    ]),
    ("struct hv_kvp_msg_delete", 516, &[
        ("key_size", m::DELETE_KEY_SIZE - m::VALUE_BLOCK, 4),
        ("key", m::DELETE_KEY - m::VALUE_BLOCK, value::KEY_LEN),
    ]),
    ("struct hv_kvp_ip_msg", ip::BODY_LEN, &[
        ("operation", m::OPERATION, 1),
        ("pool", m::POOL, 1),
        ("kvp_ip_val.adapter_id", ip::field::ADAPTER_ID, ip::ADAPTER_LEN),
        ("kvp_ip_val.addr_family", ip::field::FAMILY, 1),
        ("kvp_ip_val.dhcp_enabled", ip::field::DHCP, 1),
        ("kvp_ip_val.ip_addr", ip::field::ADDRESSES, ip::LIST_LEN),
        ("kvp_ip_val.sub_net", ip::field::SUBNETS, ip::LIST_LEN),
        ("kvp_ip_val.gate_way", ip::field::GATEWAYS, ip::GATEWAYS_LEN),
        ("kvp_ip_val.dns_addr", ip::field::DNS, ip::LIST_LEN),
    ]),
];

/// What the crate says of messages of the character device.
#[rustfmt::skip]
const DEVICE: &[Row] = &[
    ("struct hv_kvp_register", d::VERSION_LEN, &[("version", 0, d::VERSION_LEN)]),
    ("struct hv_kvp_ipaddr_value", d::DNS + d::DNS_LEN - d::ADAPTER_ID, &[
        ("adapter_id", 0, d::ADAPTER_ID_LEN),
        ("addr_family", d::ADDRESS_FAMILY - d::ADAPTER_ID, 1),
        ("dhcp_enabled", d::DHCP - d::ADAPTER_ID, 1),
        ("ip_addr", d::ADDRESSES - d::ADAPTER_ID, d::ADDRESSES_LEN),
        ("sub_net", d::SUBNETS - d::ADAPTER_ID, d::SUBNETS_LEN),
        ("gate_way", d::GATEWAYS - d::ADAPTER_ID, d::GATEWAYS_LEN),
        ("dns_addr", d::DNS - d::ADAPTER_ID, d::DNS_LEN),
    ]),
    ("struct hv_kvp_msg", device::MESSAGE_LEN, &[
        ("kvp_hdr.operation", d::OPERATION, 1),
        ("kvp_hdr.pool", d::POOL, 1),
        ("error", d::STATUS, 4),
        ("body", d::VERSION, device::MESSAGE_LEN - d::VERSION),
        ("body.kvp_get.data.value_type", d::VALUE_TYPE, 4),
        ("body.kvp_get.data.key_size", d::KEY_SIZE, 4),
        ("body.kvp_get.data.value_size", d::VALUE_SIZE, 4),
        ("body.kvp_get.data.key", d::KEY, d::KEY_LEN),
        ("body.kvp_get.data.value", d::VALUE, d::VALUE_LEN),
        ("body.kvp_set.data.value_type", d::VALUE_TYPE, 4),
        ("body.kvp_set.data.key_size", d::KEY_SIZE, 4),
        ("body.kvp_set.data.value_size", d::VALUE_SIZE, 4),
        ("body.kvp_set.data.key", d::KEY, d::KEY_LEN),
        ("body.kvp_set.data.value", d::VALUE, d::VALUE_LEN),
        ("body.kvp_delete.key_size", d::DELETE_KEY_SIZE, 4),
        ("body.kvp_delete.key", d::DELETE_KEY, d::KEY_LEN),
        ("body.kvp_enum_data.index", d::INDEX, 4),
        ("body.kvp_enum_data.data.value_type", d::ENUMERATE_VALUE_TYPE, 4),
        ("body.kvp_enum_data.data.key_size", d::ENUMERATE_KEY_SIZE, 4),
        ("body.kvp_enum_data.data.value_size", d::ENUMERATE_VALUE_SIZE, 4),
        ("body.kvp_enum_data.data.key", d::ENUMERATE_KEY, d::KEY_LEN),
        ("body.kvp_enum_data.data.value", d::ENUMERATE_VALUE, d::VALUE_LEN),
        ("body.kvp_ip_val.adapter_id", d::ADAPTER_ID, d::ADAPTER_ID_LEN),
        ("body.kvp_ip_val.addr_family", d::ADDRESS_FAMILY, 1),
        ("body.kvp_ip_val.dhcp_enabled", d::DHCP, 1),
        ("body.kvp_ip_val.ip_addr", d::ADDRESSES, d::ADDRESSES_LEN),
        ("body.kvp_ip_val.sub_net", d::SUBNETS, d::SUBNETS_LEN),
        ("body.kvp_ip_val.gate_way", d::GATEWAYS, d::GATEWAYS_LEN),
        ("body.kvp_ip_val.dns_addr", d::DNS, d::DNS_LEN),
        ("body.kvp_register.version", d::VERSION, d::VERSION_LEN),
    ]),
];

fn rows() -> impl Iterator<Item = &'static Row> {
    WIRE.iter().chain(DEVICE)
}

/// Constants of the header that the crate has too.
fn constants() -> Vec<(&'static str, usize)> {
    use avma::kvp::code::{Operation, Pool, ValueType};
    let number = |value: u32| usize::try_from(value).unwrap();
    vec![
        ("HV_KVP_EXCHANGE_MAX_KEY_SIZE", pool::KEY_LEN),
        ("HV_KVP_EXCHANGE_MAX_VALUE_SIZE", pool::VALUE_LEN),
        ("MAX_ADAPTER_ID_SIZE * 2", device::field::ADAPTER_ID_LEN),
        ("KVP_OP_GET", Operation::GET.0.into()),
        ("KVP_OP_SET", Operation::SET.0.into()),
        ("KVP_OP_DELETE", Operation::DELETE.0.into()),
        ("KVP_OP_ENUMERATE", Operation::ENUMERATE.0.into()),
        ("KVP_OP_GET_IP_INFO", Operation::GET_IP_INFO.0.into()),
        ("KVP_OP_SET_IP_INFO", Operation::SET_IP_INFO.0.into()),
        (
            "KVP_OP_REGISTER",
            device::Registration::Register.operation().0.into(),
        ),
        (
            "KVP_OP_REGISTER1",
            device::Registration::Register1.operation().0.into(),
        ),
        ("KVP_POOL_EXTERNAL", Pool::EXTERNAL.0.into()),
        ("KVP_POOL_GUEST", Pool::GUEST.0.into()),
        ("KVP_POOL_AUTO", Pool::AUTO.0.into()),
        ("KVP_POOL_AUTO_EXTERNAL", Pool::AUTO_EXTERNAL.0.into()),
        ("KVP_POOL_AUTO_INTERNAL", Pool::AUTO_INTERNAL.0.into()),
        ("KVP_POOL_COUNT", pool::PATHS.len()),
        ("REG_SZ", number(ValueType::STRING.0)),
        ("REG_U32", number(ValueType::U32.0)),
        ("REG_U64", number(ValueType::UNIX_U64.0)),
    ]
}

fn program() -> String {
    let mut text = format!(
        "#include <stddef.h>\n#include <stdio.h>\n#include <linux/hyperv.h>\n{KERNEL_ONLY}\nint main(void) {{\n"
    );
    for (structure, _, fields) in rows() {
        writeln!(
            text,
            "printf(\"{structure} = %zu\\n\", sizeof({structure}));"
        )
        .unwrap();
        for (field, ..) in *fields {
            writeln!(
                text,
                "printf(\"{structure} {field} = %zu %zu\\n\", offsetof({structure}, {field}), \
                 sizeof((({structure} *)0)->{field}));"
            )
            .unwrap();
        }
    }
    for (name, _) in constants() {
        writeln!(text, "printf(\"{name} = %zu\\n\", (size_t)({name}));").unwrap();
    }
    text + "return 0;\n}\n"
}

fn wanted() -> BTreeMap<String, String> {
    let mut wanted = BTreeMap::new();
    for (structure, size, fields) in rows() {
        wanted.insert((*structure).to_owned(), size.to_string());
        for (field, at, size) in *fields {
            wanted.insert(format!("{structure} {field}"), format!("{at} {size}"));
        }
    }
    for (name, value) in constants() {
        wanted.insert(name.to_owned(), value.to_string());
    }
    wanted
}

/// A folder of this test alone, removed when it ends.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the C program prints, or why there is none.
fn compiled() -> Result<String, String> {
    let path = env::temp_dir().join(format!("avma-layout-{}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    let folder = Folder(path);
    let cc = |file: &str, text: &str| {
        let source = folder.0.join(file);
        fs::write(&source, text).unwrap();
        let mut command = Command::new(env::var_os("CC").unwrap_or_else(|| "cc".into()));
        command.arg(source).arg("-o").arg(folder.0.join("layout"));
        command
            .output()
            .map_err(|error| format!("no C compiler: {error}"))
    };
    let probe = cc(
        "probe.c",
        "#include <linux/hyperv.h>\nint main(void) { return 0; }\n",
    )?;
    if !probe.status.success() {
        return Err("no <linux/hyperv.h>, or no C compiler that works".into());
    }
    // From here on a failure is one of this test.
    let built = cc("layout.c", &program())?;
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let printed = Command::new(folder.0.join("layout")).output().unwrap();
    Ok(String::from_utf8(printed.stdout).unwrap())
}

#[test]
fn layouts_are_those_of_the_header() {
    let printed = match compiled() {
        Ok(printed) => printed,
        Err(why) => {
            eprintln!("notice: the layouts are not checked: {why}");
            return;
        }
    };
    let got: BTreeMap<String, String> = printed
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(got, wanted());
}
