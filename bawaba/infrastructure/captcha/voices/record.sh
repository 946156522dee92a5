#!/usr/bin/env bash
# Makes the recordings of the digits anew: ar/0.wav … en/9.wav. Needs espeak-ng and sox; nothing of this runs in the product.
# The Arabic words carry all their vowel signs, without which the program guesses them.
set -euo pipefail
cd "$(dirname "$0")"
arabic=(صِفْر وَاحِد اِثْنَان ثَلَاثَة أَرْبَعَة خَمْسَة سِتَّة سَبْعَة ثَمَانِيَة تِسْعَة)
english=(zero one two three four five six seven eight nine)
fresh=$(mktemp -d)

record() {  # language, digit, voice, word: unsigned 8-bit mono at 11025 Hz, silence cut off, even loudness with room for the noise
    espeak-ng -v "$3" -s 120 -a 160 -w "$fresh/word.wav" "$4"
    sox "$fresh/word.wav" -D -R -r 11025 -c 1 -b 8 -e unsigned-integer "$1/$2.wav" \
        silence 1 0.01 1% reverse silence 1 0.01 1% reverse pad 0.02 0.02 norm -3
}
mkdir -p ar en
for digit in {0..9}; do
    record ar "$digit" ar "${arabic[digit]}"
    record en "$digit" en-gb "${english[digit]}"
done
rm -r "$fresh"
