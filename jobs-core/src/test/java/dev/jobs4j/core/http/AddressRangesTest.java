package dev.jobs4j.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {

  /** First and last of each range. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, this network",
    "0.255.255.255, this network",
    "10.0.0.0, private",
    "10.255.255.255, private",
    "100.64.0.0, shared",
    "100.127.255.255, shared",
    "127.0.0.0, loopback",
    "127.255.255.255, loopback",
    "169.254.0.0, link-local",
    "169.254.169.254, metadata",
    "169.254.255.255, link-local",
    "172.16.0.0, private",
    "172.31.255.255, private",
    "192.0.0.0, protocol assignments",
    "192.0.0.192, metadata",
    "192.0.2.1, documentation",
    "192.31.196.1, AS112",
    "192.52.193.1, AMT",
    "192.88.99.1, 6to4",
    "192.168.0.0, private",
    "192.168.255.255, private",
    "192.175.48.1, AS112",
    "198.18.0.0, benchmarking",
    "198.19.255.255, benchmarking",
    "198.51.100.7, documentation",
    "203.0.113.7, documentation",
    "224.0.0.1, multicast",
    "239.255.255.255, multicast",
    "240.0.0.1, reserved",
    "255.255.255.255, reserved",
    "168.63.129.16, metadata",
    "100.100.100.200, metadata",
    "::, reserved",
    "::1, loopback",
    "::127.0.0.1, reserved",
    "::8.8.8.8, reserved",
    "100::1, reserved",
    "64:ff9b::7f00:1, NAT64 of loopback",
    "64:ff9b::a9fe:a9fe, NAT64 of link-local",
    "64:ff9b:1::1, reserved",
    "2001::1, protocol assignments",
    "2001:1ff:ffff::1, protocol assignments",
    "2001:db8::1, documentation",
    "2002:7f00:1::, 6to4",
    "2002:808:808::, 6to4",
    "3fff::1, documentation",
    "5f00::1, reserved",
    "fc00::1, private",
    "fdff:ffff::1, private",
    "fd00:ec2::254, metadata",
    "fe80::1, link-local",
    "febf::1, link-local",
    "fec0::1, reserved",
    "ff02::1, multicast",
    "2606:4700::5efe:a00:1, reserved",
    "2606:4700::200:5efe:a00:1, reserved"
  })
  void isRefusedByName(String address, String range) throws Exception {
    assertThat(AddressRanges.refusal(InetAddress.getByName(address), List.of()))
        .hasValueSatisfying(why -> assertThat(why).contains(range));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808"
      })
  void isPublic(String address) throws Exception {
    assertThat(AddressRanges.refusal(InetAddress.getByName(address), List.of())).isEmpty();
  }

  /** Java turns a mapped address into IPv4 by itself, except when it is made in this way. */
  @Test
  void aMappedAddressIsTheAddressBehindIt() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;
    InetAddress address = Inet6Address.getByAddress("x", mapped, 0);
    assertThat(address).isInstanceOf(Inet6Address.class);
    assertThat(AddressRanges.refusal(address, List.of())).hasValue("loopback");
    assertThat(AddressRanges.refusal(address, List.of(Network.parse("127.0.0.0/8")))).isEmpty();
  }

  @Test
  void anOpenedNetworkIsOpenAndNoWider() throws Exception {
    List<Network> opened = List.of(Network.parse("10.20.0.0/16"), Network.parse("fd00::/8"));
    assertThat(AddressRanges.refusal(InetAddress.getByName("10.20.255.255"), opened)).isEmpty();
    assertThat(AddressRanges.refusal(InetAddress.getByName("fd12::1"), opened)).isEmpty();
    assertThat(AddressRanges.refusal(InetAddress.getByName("10.21.0.0"), opened)).isPresent();
    assertThat(AddressRanges.refusal(InetAddress.getByName("fd00:ec2::254"), opened))
        .hasValue("cloud metadata");
    assertThat(
            AddressRanges.refusal(
                InetAddress.getByName("100.100.100.200"), List.of(Network.parse("100.64.0.0/10"))))
        .hasValue("cloud metadata");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0/0",
        "::/0",
        "8.0.0.0/5",
        "169.254.0.0/16",
        "8.8.8.0/24",
        "fe80::/10",
        "2000::/3"
      })
  void onlyOnesOwnNetworksCanBeOpened(String cidr) {
    assertThatThrownBy(() -> CallbackTarget.of("a.test").inNetworks(cidr))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("inNetworks must be within one of [127.0.0.0/8,")
        .hasMessageEndingWith("was " + cidr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "10/8", "fd00::/129", "x/8", "10.0.0.0/"})
  void aNetworkIsWrittenInCidrNotation(String cidr) {
    assertThatThrownBy(() -> CallbackTarget.of("a.test").inNetworks(cidr))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("network must be in CIDR notation such as 10.20.0.0/16");
  }
}
