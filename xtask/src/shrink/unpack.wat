;; Runs when the module is instantiated, before anything else: unpacks the data of the module, a block of LZ4, from FROM to END, to TO.
;; It runs for every instance, so it copies eight bytes at a time and lets the last of them fall behind what is copied: there the next ones come.
(module
  (memory 1)
  (func
    (local $from i32) (local $to i32) (local $token i32) (local $length i32) (local $byte i32) (local $back i32)
    (local $source i32) (local $target i32)
    (local.set $from (i32.const FROM))
    (local.set $to (i32.const TO))
    (loop $sequence
      ;; High half of the token: how many bytes to take as they are.
      (local.set $token (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (local.set $length (i32.shr_u (local.get $token) (i32.const 4)))
      (if (i32.eq (local.get $length) (i32.const 15))
        (then
          (loop $more
            (local.set $byte (i32.load8_u (local.get $from)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (local.set $length (i32.add (local.get $length) (local.get $byte)))
            (br_if $more (i32.eq (local.get $byte) (i32.const 255))))))
      (if (i32.gt_u (local.get $length) (i32.const 100))
        ;; What was packed before is long; else a call of the engine would take longer than the bytes.
        (then (memory.copy (local.get $to) (local.get $from) (local.get $length)))
        (else
          (local.set $source (local.get $from))
          (local.set $target (local.get $to))
          (local.set $byte (i32.add (local.get $to) (local.get $length)))
          (loop $copy
            (i64.store align=1 (local.get $target) (i64.load align=1 (local.get $source)))
            (local.set $source (i32.add (local.get $source) (i32.const 8)))
            (br_if $copy
              (i32.lt_u (local.tee $target (i32.add (local.get $target) (i32.const 8))) (local.get $byte))))))
      (local.set $to (i32.add (local.get $to) (local.get $length)))
      (local.set $from (i32.add (local.get $from) (local.get $length)))
      ;; The last sequence ends here.
      (if (i32.lt_u (local.get $from) (i32.const END))
        (then
          ;; Low half: how many more than four to take from what was unpacked, and from how far back. They may overlap with what they become.
          (local.set $back (i32.load16_u align=1 (local.get $from)))
          (local.set $from (i32.add (local.get $from) (i32.const 2)))
          (local.set $length (i32.and (local.get $token) (i32.const 15)))
          (if (i32.eq (local.get $length) (i32.const 15))
            (then
              (loop $more
                (local.set $byte (i32.load8_u (local.get $from)))
                (local.set $from (i32.add (local.get $from) (i32.const 1)))
                (local.set $length (i32.add (local.get $length) (local.get $byte)))
                (br_if $more (i32.eq (local.get $byte) (i32.const 255))))))
          (local.set $target (local.get $to))
          (local.set $to (i32.add (local.get $to) (i32.add (local.get $length) (i32.const 4))))
          (if (i32.lt_u (local.get $back) (i32.const 8))
            (then
              (loop $copy
                (i32.store8 (local.get $target) (i32.load8_u (i32.sub (local.get $target) (local.get $back))))
                (br_if $copy
                  (i32.lt_u (local.tee $target (i32.add (local.get $target) (i32.const 1))) (local.get $to)))))
            (else
              (loop $copy
                (i64.store align=1 (local.get $target) (i64.load align=1 (i32.sub (local.get $target) (local.get $back))))
                (br_if $copy
                  (i32.lt_u (local.tee $target (i32.add (local.get $target) (i32.const 8))) (local.get $to))))))
          (br $sequence))))
    ;; What fell behind the data: there everything is zero.
    (i64.store align=1 (local.get $to) (i64.const 0))))
