package jsonval

import "math/bits"

// Hash is a 64-bit hash of v's compact text: the same for the same text on
// every machine and in every version, for session files hold it. An array or
// object remembers its own and passes it on to what Set makes of it, so the
// hash of a changed document costs only what changed.
func (v Value) Hash() uint64 {
	switch v.kind {
	case Number, String:
		return hashText(uint64(v.kind), v.text)
	case Array, Object:
		return hashMix(v.node.sum() + uint64(v.kind) + uint64(v.Len())<<8)
	}
	h := uint64(v.kind)
	if v.flag {
		h += 0x100
	}
	return hashMix(h)
}

// sum adds up the hashes of n's parts. Each knows its place, so that the order
// counts, and a part that changes is taken out and put in again.
func (n *node) sum() uint64 {
	h := n.hash.Load()
	if h != 0 {
		return h
	}
	for i := range n.items {
		h += itemHash(i, n.items[i])
	}
	for i := range n.members {
		h += memberHash(i, n.members[i].Key, n.members[i].Value)
	}
	n.hash.Store(h) // 0, of an empty node or by chance, is added up again
	return h
}

func itemHash(i int, v Value) uint64 {
	return hashMix(hashMix(uint64(i)) + bits.RotateLeft64(v.Hash(), 31))
}

func memberHash(i int, key string, v Value) uint64 {
	return hashMix(hashText(uint64(i), key) + bits.RotateLeft64(v.Hash(), 31))
}

func hashText(h uint64, s string) uint64 {
	h += uint64(len(s)) << 8
	for len(s) >= 8 {
		h = hashMix(h ^ (uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56))
		s = s[8:]
	}
	var rest uint64
	for i := range len(s) {
		rest |= uint64(s[i]) << (8 * i)
	}
	return hashMix(h ^ rest)
}

// hashMix multiplies to 128 bits and folds them: wyhash's step (Wang Yi, public
// domain), with its constants.
func hashMix(h uint64) uint64 {
	hi, lo := bits.Mul64(h^0xa0761d6478bd642f, 0xe7037ed1a0b428db)
	return hi ^ lo
}
