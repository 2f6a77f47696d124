from feedback.anonymity.phone_keys import hash_of, is_well_formed, new_key, was_given_out


def test_a_key_is_new_each_time_and_well_formed():
    keys = {new_key("4F7K2M") for _ in range(50)}
    assert len(keys) == 50
    assert all(is_well_formed(key) for key in keys)


def test_a_key_is_known_as_given_out_for_its_round_alone():
    key = new_key("4F7K2M")
    assert was_given_out(key, "4F7K2M")
    assert not was_given_out(key, "4F7K2N")
    assert not was_given_out("x" * 32, "4F7K2M")
    assert not was_given_out("short", "4F7K2M")


def test_the_hash_is_all_the_database_needs():
    key = new_key("4F7K2M")
    assert hash_of(key) == hash_of(key)
    assert len(hash_of(key)) == 32
    assert key.encode() not in hash_of(key)
